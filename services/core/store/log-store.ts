// The contract of a log store. It knows log ids, positions and bytes, never mail.
// docs/log-protocol.md, "What a log store must promise".

export interface StoredEntry {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** The one mutable item of a log. `version` rises by one with each move; 0 is never stored. */
export interface StoredPointer {
  readonly version: number;
  readonly bytes: Uint8Array;
}

export interface Tail {
  /** Every entry above the position asked for, ascending. May have gaps: the reader judges them. */
  readonly entries: readonly StoredEntry[];
  /** Read after all of the entries; null if the log has no pointer. */
  readonly pointer: StoredPointer | null;
}

export interface LogStore {
  /**
   * Stores an entry at `position` if nothing is stored there; 'stored' only when it is durable.
   * 'taken' proves that *this* request stored nothing. A rejection proves nothing: the entry may be stored, or be stored later.
   */
  append(logId: string, position: number, bytes: Uint8Array): Promise<'stored' | 'taken'>;

  /** Strongly consistent: sees every entry whose `append` was answered before this call. Never cut short. */
  readTail(logId: string, after: number): Promise<Tail>;

  /** Strongly consistent. */
  readPointer(logId: string): Promise<StoredPointer | null>;

  /** Stores a pointer with version `from + 1` if the stored version is `from` (0: none is stored). A rejection proves nothing. */
  movePointer(logId: string, from: number, bytes: Uint8Array): Promise<'moved' | 'conflict'>;

  /** Deletes the entries at positions 1 to `through`. For the keeper alone; doing it again does no harm. */
  deleteEntries(logId: string, through: number): Promise<void>;

  close(): Promise<void>;
}
