// The LMDB environment of the embedded store: one file, shared by the processes of one machine. In it, visible means durable.
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type Database, type Key, type RootDatabase } from 'lmdb';
import { withDeadline, type Clock } from '../../runtime/clock';
import { reasonOf } from '../../runtime/error-facts';
import { Unavailable } from '../../runtime/errors';
import { syncFolder } from '../../runtime/sync-folder';
import { makeFolder } from './file-system';
import { checkStoreFile } from './store-file';

export const environmentOptions = {
  encoding: 'binary',
  keyEncoding: 'ordered-binary',
  maxDbs: 8,
  // By default lmdb shows a commit to readers first and flushes it later. An entry that was read and acted upon could then be
  // lost with the machine. Without overlap a commit is flushed before anyone sees it, and before its promise resolves.
  overlappingSync: false,
  // With it, lmdb drops a promise of its own, and a commit that fails ends the process as an unhandled rejection. Writes that
  // belong together are in one block here anyway, and lmdb still gathers blocks into one commit.
  eventTurnBatching: false,
} as const;

/** lmdb never settles the promises of a commit that it could not begin. */
const WRITE_LIMIT_MS = 20_000;

/** A disk with less than this is full. */
const FULL_BYTES = 1_048_576;

/** Values go in and come out as bytes; a table of versions keeps a number with each value, for compare and set. */
export type Table<K extends Key> = Database<Uint8Array, K>;

export class Environment {
  #closed = false;

  private constructor(private readonly root: RootDatabase, private readonly folder: string, private readonly clock: Clock) {}

  /** Opens, and if need be makes, the environment in `folder`. Rejects with Unavailable. */
  static async open(folder: string, clock: Clock): Promise<Environment> {
    try {
      await makeFolder(folder);
      const path = join(folder, 'data.mdb');
      await checkStoreFile(folder, path, clock);
      const root = open({ path, ...environmentOptions });
      await syncFolder(folder);
      return new Environment(root, folder, clock);
    } catch (error) {
      throw new Unavailable(`embedded store: cannot open ${folder}: ${reasonOf(error)}`, { cause: error });
    }
  }

  table<K extends Key>(name: string, useVersions = false): Table<K> {
    return this.root.openDB<Uint8Array, K>(name, { encoding: 'binary', keyEncoding: 'ordered-binary', useVersions });
  }

  /**
   * Runs `work`, which reads without waiting, in one snapshot that holds every commit made before the call, by any process.
   * Throws Unavailable.
   */
  read<T>(what: string, work: () => T): T {
    try {
      this.#refuseIfClosed();
      // lmdb keeps a snapshot open until the next turn of the event loop: it may be older than this call.
      this.root.resetReadTxn();
      return work();
    } catch (error) {
      throw new Unavailable(`embedded store: cannot ${what}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Awaits the conditional write that `work` begins: whether its condition held. Resolves when it is durable. Rejects with Unavailable. */
  async write(what: string, work: () => Promise<boolean>): Promise<boolean> {
    try {
      this.#refuseIfClosed();
      const written = work().catch(async (error: unknown) => {
        throw await this.#commitError(error);
      });
      return await withDeadline(this.clock, WRITE_LIMIT_MS, written, () => new Error(`no answer in ${WRITE_LIMIT_MS / 1000} s`));
    } catch (error) {
      throw new Unavailable(`embedded store: cannot ${what}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /** Waits for the writes under way. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await withDeadline(this.clock, WRITE_LIMIT_MS, this.root.close(), () => new Unavailable('embedded store: cannot finish its writes'));
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new Error('it is closed');
  }

  /** lmdb rejects a write with "Commit failed" and hangs the reason on it, as a promise that has to be awaited. */
  async #commitError(error: unknown): Promise<unknown> {
    if (typeof error !== 'object' || error === null || !('commitError' in error)) return error;
    try {
      await error.commitError;
      return error;
    } catch (reason) {
      // LMDB takes a write that a full disk cuts short for an input/output error.
      const { bavail, bsize } = await statfs(this.folder);
      return bavail * bsize < FULL_BYTES ? new Error('no space left on device', { cause: reason }) : reason;
    }
  }
}

/** lmdb may use the memory of a value again, or hang things on it. */
export function copyOf(value: Uint8Array): Uint8Array {
  return new Uint8Array(value);
}
