// Counts what a node asks of its stores: budgets are in requests, so they hold on any machine.
import type { BlobKey, BlobStore, ByteRange } from '../blob-store';
import type { Directory } from '../directory';
import type { Doorbell } from '../doorbell';
import type { LogStore } from '../log-store';

export type StoreOperation =
  | 'log.append' | 'log.readTail' | 'log.readPointer' | 'log.movePointer' | 'log.deleteEntries'
  | 'blobs.put' | 'blobs.read' | 'blobs.list' | 'blobs.delete'
  | 'directory.get' | 'directory.put' | 'directory.list'
  | 'doorbell.ring' | 'doorbell.watch';

export interface Count {
  requests: number;
  /** Of entries, pointers and blobs, sent or received; 0 for the directory and the doorbell. */
  bytes: number;
}

export class RequestCounts {
  readonly #counts = new Map<StoreOperation, Count>();

  /** What was asked since the last reset(). */
  of(operation: StoreOperation): Readonly<Count> {
    return this.#counts.get(operation) ?? { requests: 0, bytes: 0 };
  }

  /** Requests by operation, those that were made: for comparing with a whole budget at once. */
  requests(): Partial<Record<StoreOperation, number>> {
    return Object.fromEntries([...this.#counts].map(([operation, { requests }]) => [operation, requests]));
  }

  reset(): void {
    this.#counts.clear();
  }

  request(operation: StoreOperation, bytes = 0): void {
    this.#count(operation).requests += 1;
    this.bytes(operation, bytes);
  }

  bytes(operation: StoreOperation, bytes: number): void {
    this.#count(operation).bytes += bytes;
  }

  #count(operation: StoreOperation): Count {
    const known = this.#counts.get(operation);
    if (known !== undefined) return known;
    const made: Count = { requests: 0, bytes: 0 };
    this.#counts.set(operation, made);
    return made;
  }
}

export function countingLogStore(inner: LogStore, counts: RequestCounts): LogStore {
  return {
    append: (logId, position, bytes) => {
      counts.request('log.append', bytes.length);
      return inner.append(logId, position, bytes);
    },
    readTail: async (logId, after) => {
      counts.request('log.readTail');
      const tail = await inner.readTail(logId, after);
      for (const { bytes } of tail.entries) counts.bytes('log.readTail', bytes.length);
      counts.bytes('log.readTail', tail.pointer?.bytes.length ?? 0);
      return tail;
    },
    readPointer: async (logId) => {
      counts.request('log.readPointer');
      const pointer = await inner.readPointer(logId);
      counts.bytes('log.readPointer', pointer?.bytes.length ?? 0);
      return pointer;
    },
    movePointer: (logId, from, bytes) => {
      counts.request('log.movePointer', bytes.length);
      return inner.movePointer(logId, from, bytes);
    },
    deleteEntries: (logId, through) => {
      counts.request('log.deleteEntries');
      return inner.deleteEntries(logId, through);
    },
    close: () => inner.close(),
  };
}

export function countingBlobStore(inner: BlobStore, counts: RequestCounts): BlobStore {
  async function* read(key: BlobKey, range?: ByteRange): AsyncIterable<Uint8Array> {
    counts.request('blobs.read');
    for await (const chunk of inner.read(key, range)) {
      counts.bytes('blobs.read', chunk.length);
      yield chunk;
    }
  }
  async function* counted(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of body) {
      counts.bytes('blobs.put', chunk.length);
      yield chunk;
    }
  }
  return {
    put: (key, body) => {
      counts.request('blobs.put', body instanceof Uint8Array ? body.length : 0);
      return inner.put(key, body instanceof Uint8Array ? body : counted(body));
    },
    read,
    list: (prefix) => {
      counts.request('blobs.list');
      return inner.list(prefix);
    },
    delete: (key) => {
      counts.request('blobs.delete');
      return inner.delete(key);
    },
    close: () => inner.close(),
  };
}

export function countingDirectory(inner: Directory, counts: RequestCounts): Directory {
  return {
    get: (login) => {
      counts.request('directory.get');
      return inner.get(login);
    },
    put: (entry, from) => {
      counts.request('directory.put');
      return inner.put(entry, from);
    },
    list: () => {
      counts.request('directory.list');
      return inner.list();
    },
    close: () => inner.close(),
  };
}

export function countingDoorbell(inner: Doorbell, counts: RequestCounts): Doorbell {
  return {
    ring: (accountId, position) => {
      counts.request('doorbell.ring');
      inner.ring(accountId, position);
    },
    watch: (accountId, onRing) => {
      counts.request('doorbell.watch');
      return inner.watch(accountId, onRing);
    },
    isHealthy: () => inner.isHealthy(),
    close: () => inner.close(),
  };
}
