// A log store in memory: every call is done at once and as a whole.
import { lowerBound } from '../../runtime/lower-bound';
import type { LogStore, StoredEntry, StoredPointer, Tail } from '../log-store';
import type { MemoryLog, MemoryTier } from './memory-tier';

export class MemoryLogStore implements LogStore {
  constructor(private readonly tier: MemoryTier) {}

  async append(logId: string, position: number, bytes: Uint8Array): Promise<'stored' | 'taken'> {
    if (!Number.isSafeInteger(position) || position < 1) throw new RangeError(`no entry can have position ${position}`);
    const { entries } = this.#log(logId);
    const index = firstAbove(entries, position - 1);
    if (entries[index]?.position === position) return 'taken';
    entries.splice(index, 0, { position, bytes: Uint8Array.from(bytes) });
    return 'stored';
  }

  async readTail(logId: string, after: number): Promise<Tail> {
    const log = this.tier.logs.get(logId);
    if (log === undefined) return { entries: [], pointer: null };
    const entries = log.entries
      .slice(firstAbove(log.entries, after))
      .map(({ position, bytes }) => ({ position, bytes: Uint8Array.from(bytes) }));
    return { entries, pointer: copyOf(log.pointer) };
  }

  async readPointer(logId: string): Promise<StoredPointer | null> {
    return copyOf(this.tier.logs.get(logId)?.pointer ?? null);
  }

  async movePointer(logId: string, from: number, bytes: Uint8Array): Promise<'moved' | 'conflict'> {
    const log = this.#log(logId);
    if ((log.pointer?.version ?? 0) !== from) return 'conflict';
    log.pointer = { version: from + 1, bytes: Uint8Array.from(bytes) };
    return 'moved';
  }

  async deleteEntries(logId: string, through: number): Promise<void> {
    const entries = this.tier.logs.get(logId)?.entries ?? [];
    entries.splice(0, firstAbove(entries, through));
  }

  async close(): Promise<void> {}

  #log(logId: string): MemoryLog {
    const known = this.tier.logs.get(logId);
    if (known !== undefined) return known;
    const made: MemoryLog = { entries: [], pointer: null };
    this.tier.logs.set(logId, made);
    return made;
  }
}

/** The index of the first entry above `position`. */
function firstAbove(entries: readonly StoredEntry[], position: number): number {
  return lowerBound(entries.length, (i) => entries[i]!.position <= position);
}

function copyOf(pointer: StoredPointer | null): StoredPointer | null {
  return pointer === null ? null : { version: pointer.version, bytes: Uint8Array.from(pointer.bytes) };
}
