// The directory in LMDB: JSON under the login, with lmdb's version number as the entry's.
import { Damaged } from '../../runtime/errors';
import type { Directory, DirectoryEntry, VersionedDirectoryEntry } from '../directory';
import type { Environment, Table } from './environment';
import { isStorableId } from './storable-id';

/** A list is read in pages, so that no snapshot stays open while its reader is busy. */
const PAGE_ENTRIES = 500;

export class LmdbDirectory implements Directory {
  readonly #logins: Table<string>;

  constructor(private readonly environment: Environment) {
    this.#logins = environment.table('directory', true);
  }

  async get(login: string): Promise<VersionedDirectoryEntry | null> {
    // A client may name anything as its login.
    if (!isStorableId(login)) return null;
    const stored = this.environment.read('read the directory', () => this.#logins.getEntry(login));
    return stored === undefined ? null : decode(stored.value, stored.version);
  }

  async put(entry: DirectoryEntry, from: number): Promise<'stored' | 'conflict'> {
    const { login } = entry;
    if (!isStorableId(login)) throw new RangeError(`not a login: ${JSON.stringify(login.slice(0, 200))}`);
    const bytes = Buffer.from(JSON.stringify(entry));
    const stored = await this.environment.write('write the directory', () =>
      from === 0
        ? this.#logins.ifNoExists(login, () => {
            void this.#logins.put(login, bytes, 1);
          })
        : this.#logins.put(login, bytes, from + 1, from));
    return stored ? 'stored' : 'conflict';
  }

  async *list(): AsyncIterable<VersionedDirectoryEntry> {
    let last: string | undefined;
    for (;;) {
      const from = last === undefined ? {} : { start: last, exclusiveStart: true };
      const page = this.environment.read('list the directory', () =>
        [...this.#logins.getRange({ ...from, limit: PAGE_ENTRIES, versions: true })]);
      for (const { value, version } of page) yield decode(value, version);
      last = page.at(-1)?.key;
      if (last === undefined) return;
    }
  }

  /** The environment belongs to whoever opened it. */
  async close(): Promise<void> {}
}

function decode(value: Uint8Array, version: number | undefined): VersionedDirectoryEntry {
  try {
    // Entries that were stored before there were aliases do not say that they are none.
    const entry = JSON.parse(Buffer.from(value).toString()) as Omit<DirectoryEntry, 'aliasOf'> & Partial<DirectoryEntry>;
    if (typeof entry.login === 'string' && typeof entry.accountId === 'string' && version !== undefined) return { ...entry, aliasOf: entry.aliasOf ?? null, version };
  } catch (error) {
    throw new Damaged('a directory entry cannot be read', { cause: error });
  }
  throw new Damaged('a directory entry lacks what was stored');
}
