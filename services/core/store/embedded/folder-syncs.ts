// Flushes of folders, shared by those who wait for the same one at the same time.
import { syncFolder } from '../../runtime/sync-folder';

export class FolderSyncs {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** Resolves when what was in the folder at the time of the call is durable. */
  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (running === undefined) return this.#start(path);
    // The running flush may have begun before the caller's change; all who come meanwhile share the one after it.
    const waiting = this.#next.get(path);
    if (waiting !== undefined) return waiting;
    const next = running.then(() => undefined, () => undefined).then(() => {
      this.#next.delete(path);
      return this.#start(path);
    });
    this.#next.set(path, next);
    return next;
  }

  #start(path: string): Promise<void> {
    const flush = syncFolder(path).finally(() => {
      if (this.#running.get(path) === flush) this.#running.delete(path);
    });
    this.#running.set(path, flush);
    return flush;
  }
}
