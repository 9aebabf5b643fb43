// Stores that are timed: how long each request took, and how many failed.
import type { Clock } from './core/runtime/clock';
import type { Metrics } from './core/runtime/metrics';
import type { BlobStore } from './core/store/blob-store';
import type { Directory } from './core/store/directory';
import type { LogStore } from './core/store/log-store';

type Timed = <T>(operation: string, request: () => Promise<T>) => Promise<T>;

export function timedBy(metrics: Metrics, clock: Clock): Timed {
  return async (operation, request) => {
    const startMs = clock.monotonicMs();
    try {
      return await request();
    } catch (error) {
      metrics.storeFailures.inc({ operation });
      throw error;
    } finally {
      metrics.storeSeconds.observe({ operation }, (clock.monotonicMs() - startMs) / 1000);
    }
  };
}

export function meteredLog(inner: LogStore, timed: Timed): LogStore {
  return {
    append: (logId, position, bytes) => timed('log.append', () => inner.append(logId, position, bytes)),
    readTail: (logId, after) => timed('log.readTail', () => inner.readTail(logId, after)),
    readPointer: (logId) => timed('log.readPointer', () => inner.readPointer(logId)),
    movePointer: (logId, from, bytes) => timed('log.movePointer', () => inner.movePointer(logId, from, bytes)),
    deleteEntries: (logId, through) => timed('log.deleteEntries', () => inner.deleteEntries(logId, through)),
    close: () => inner.close(),
  };
}

/** Streams are not timed: they take as long as those who fill or drain them. */
export function meteredBlobs(inner: BlobStore, timed: Timed): BlobStore {
  return {
    put: (key, body) => (body instanceof Uint8Array ? timed('blobs.put', () => inner.put(key, body)) : inner.put(key, body)),
    read: (key, range) => inner.read(key, range),
    list: (prefix) => inner.list(prefix),
    delete: (key) => timed('blobs.delete', () => inner.delete(key)),
    close: () => inner.close(),
  };
}

export function meteredDirectory(inner: Directory, timed: Timed): Directory {
  return {
    get: (login) => timed('directory.get', () => inner.get(login)),
    put: (entry, from) => timed('directory.put', () => inner.put(entry, from)),
    list: () => inner.list(),
    close: () => inner.close(),
  };
}
