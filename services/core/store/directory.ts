// The contract of the directory: who may sign in, which log is theirs, and which other addresses lead to them.

export interface DirectoryEntry {
  /** Compared byte by byte: callers bring it to its canonical form first. */
  readonly login: string;
  /** Random; of the account that the login has now, or had last. */
  readonly accountId: string;
  /** PHC string of argon2id; null where no password is set. */
  readonly passwordHash: string | null;
  /** Rises with every change of a credential. */
  readonly credentialVersion: number;
  readonly disabled: boolean;
  /** The login has no account, or has none any more; the entry stays for `highestUidValidity`, or for `aliasOf`. */
  readonly removed: boolean;
  /** Above every UIDVALIDITY that the login's removed accounts ever used. */
  readonly highestUidValidity: number;
  /** Mail to this name goes to that login; then `removed`, for nobody signs in by it. Null: it is no alias. */
  readonly aliasOf: string | null;
}

export interface VersionedDirectoryEntry extends DirectoryEntry {
  /** Rises by one with each put. */
  readonly version: number;
}

export interface Directory {
  /** Strongly consistent. */
  get(login: string): Promise<VersionedDirectoryEntry | null>;

  /** Stores `entry` with version `from + 1` if the stored version is `from` (0: none is stored). A rejection proves nothing. */
  put(entry: DirectoryEntry, from: number): Promise<'stored' | 'conflict'>;

  /** Every entry, removed ones too, in no promised order. */
  list(): AsyncIterable<VersionedDirectoryEntry>;

  close(): Promise<void>;
}
