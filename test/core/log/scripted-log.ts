// A log store whose answers are written down by a test, one after the other; where nothing is written it works.
import type { BlobStore } from '../../../services/core/store/blob-store';
import type { LogStore, Tail } from '../../../services/core/store/log-store';
import { MemoryBlobStore } from '../../../services/core/store/memory/memory-blob-store';
import { MemoryLogStore } from '../../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../../services/core/store/memory/memory-tier';
import type { ManualClock } from './manual-clock';

export type Answer<T> = (real: () => Promise<T>) => Promise<T>;
export type Appended = 'stored' | 'taken';

export const works = <T>(real: () => Promise<T>): Promise<T> => real();
/** An error; nothing was done. */
export const fails = <T>(_real: () => Promise<T>): Promise<T> => Promise.reject(new Error('connection reset'));
/** An error; it was done all the same. */
export const worksButFails = async <T>(real: () => Promise<T>): Promise<T> => {
  await real();
  throw new Error('connection reset');
};
/** No answer, ever; nothing was done. */
export const isSilent = <T>(_real: () => Promise<T>): Promise<T> => new Promise(() => {});
/** No answer, ever; it was done all the same. */
export const worksButIsSilent = async <T>(real: () => Promise<T>): Promise<T> => {
  await real();
  return isSilent(real);
};

/** A promise that a test opens. */
export class Gate {
  open: () => void = () => {};
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

export class ScriptedLog implements LogStore {
  /** What was asked, in order: 'append 3', 'tail 2', and 'put' of the blob store beside it. */
  readonly calls: string[] = [];
  /** The bytes of each append asked for. */
  readonly appended: { readonly position: number; readonly bytes: Uint8Array }[] = [];
  readonly appends: Answer<Appended>[] = [];
  readonly tails: Answer<Tail>[] = [];
  /** What appends get that have no answer of their own, by what is appended. */
  answerTo: ((bytes: Uint8Array) => Answer<Appended>) | null = null;
  /** What every request gets that has none either. */
  otherwise: typeof works = works;
  readonly real: MemoryLogStore;

  constructor(readonly tier: MemoryTier) {
    this.real = new MemoryLogStore(tier);
  }

  append(logId: string, position: number, bytes: Uint8Array): Promise<Appended> {
    this.calls.push(`append ${position}`);
    this.appended.push({ position, bytes });
    return (this.appends.shift() ?? this.answerTo?.(bytes) ?? this.otherwise<Appended>)(() => this.real.append(logId, position, bytes));
  }

  readTail(logId: string, after: number): Promise<Tail> {
    this.calls.push(`tail ${after}`);
    return (this.tails.shift() ?? this.otherwise<Tail>)(() => this.real.readTail(logId, after));
  }

  readPointer(logId: string) {
    return this.real.readPointer(logId);
  }

  movePointer(logId: string, from: number, bytes: Uint8Array) {
    return this.real.movePointer(logId, from, bytes);
  }

  deleteEntries(logId: string, through: number) {
    return this.real.deleteEntries(logId, through);
  }

  async close(): Promise<void> {}
}

/** A memory blob store that writes its calls into the log's list; `onPut` and `onRead` stand before it. */
export function scriptedBlobs(
  log: ScriptedLog,
  clock: ManualClock,
  { onPut = () => Promise.resolve(), onRead = () => Promise.resolve() }: { onPut?: () => Promise<void>; onRead?: () => Promise<void> } = {},
): BlobStore {
  const inner = new MemoryBlobStore(log.tier, clock);
  return {
    put: async (key, body) => {
      log.calls.push('put');
      await onPut();
      return inner.put(key, body);
    },
    async *read(key, range) {
      log.calls.push('read');
      await onRead();
      yield* inner.read(key, range);
    },
    list: (prefix) => inner.list(prefix),
    delete: (key) => inner.delete(key),
    close: () => inner.close(),
  };
}
