// What several "processes" of one test share: adapters made over one tier see the same data.
import type { BlobKey } from '../blob-store';
import type { VersionedDirectoryEntry } from '../directory';
import type { StoredEntry, StoredPointer } from '../log-store';
import { Watchers } from '../watchers';

export interface MemoryLog {
  /** Ascending by position. */
  readonly entries: StoredEntry[];
  pointer: StoredPointer | null;
}

export interface MemoryBlob {
  readonly bytes: Uint8Array;
  readonly storedAtMs: number;
}

export class MemoryTier {
  readonly logs = new Map<string, MemoryLog>();
  readonly blobs = new Map<BlobKey, MemoryBlob>();
  readonly directory = new Map<string, VersionedDirectoryEntry>();
  readonly watchers = new Watchers();
}
