// The log store in LMDB: an entry at [log id, position], a pointer at its log id.
import type { LogStore, StoredEntry, StoredPointer, Tail } from '../log-store';
import { copyOf, type Environment, type Table } from './environment';
import { isStorableId } from './storable-id';

/** How many entries one transaction deletes: appends of all processes wait for it. */
const DELETE_BATCH = 1000;

export class LmdbLogStore implements LogStore {
  readonly #entries: Table<[string, number]>;
  readonly #pointers: Table<string>;

  constructor(private readonly environment: Environment) {
    this.#entries = environment.table('entries');
    this.#pointers = environment.table('pointers', true);
  }

  async append(logId: string, position: number, bytes: Uint8Array): Promise<'stored' | 'taken'> {
    checkLogId(logId);
    if (!Number.isSafeInteger(position) || position < 1) throw new RangeError(`no entry can have position ${position}`);
    const key: [string, number] = [logId, position];
    const stored = await this.environment.write('append', () =>
      this.#entries.ifNoExists(key, () => {
        void this.#entries.put(key, bytes);
      }));
    return stored ? 'stored' : 'taken';
  }

  async readTail(logId: string, after: number): Promise<Tail> {
    checkLogId(logId);
    return this.environment.read('read a tail', () => {
      const entries: StoredEntry[] = [];
      const range = { start: [logId, after + 1] as [string, number], end: [logId, Infinity] as [string, number] };
      for (const { key, value } of this.#entries.getRange(range)) entries.push({ position: key[1], bytes: copyOf(value) });
      return { entries, pointer: this.#pointer(logId) };
    });
  }

  async readPointer(logId: string): Promise<StoredPointer | null> {
    checkLogId(logId);
    return this.environment.read('read a pointer', () => this.#pointer(logId));
  }

  async movePointer(logId: string, from: number, bytes: Uint8Array): Promise<'moved' | 'conflict'> {
    checkLogId(logId);
    const moved = await this.environment.write('move a pointer', () =>
      from === 0
        ? this.#pointers.ifNoExists(logId, () => {
            void this.#pointers.put(logId, bytes, 1);
          })
        : this.#pointers.put(logId, bytes, from + 1, from));
    return moved ? 'moved' : 'conflict';
  }

  async deleteEntries(logId: string, through: number): Promise<void> {
    checkLogId(logId);
    const range = { start: [logId, 1] as [string, number], end: [logId, through] as [string, number], inclusiveEnd: true, limit: DELETE_BATCH };
    for (;;) {
      const keys = this.environment.read('find old entries', () => [...this.#entries.getKeys(range)]);
      if (keys.length === 0) return;
      await this.environment.write('delete entries', () =>
        this.#entries.batch(() => {
          for (const key of keys) void this.#entries.remove(key);
        }));
    }
  }

  /** The environment belongs to whoever opened it. */
  async close(): Promise<void> {}

  #pointer(logId: string): StoredPointer | null {
    const stored = this.#pointers.getEntry(logId);
    return stored === undefined ? null : { version: stored.version!, bytes: copyOf(stored.value) };
  }
}

function checkLogId(logId: string): void {
  if (!isStorableId(logId)) throw new RangeError(`not a log id: ${JSON.stringify(logId.slice(0, 200))}`);
}
