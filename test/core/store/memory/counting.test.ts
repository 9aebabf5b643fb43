import { systemClock } from '../../../../services/core/runtime/clock';
import { readWhole } from '../../../../services/core/store/blob-store';
import {
  countingBlobStore, countingDirectory, countingDoorbell, countingLogStore, RequestCounts,
} from '../../../../services/core/store/memory/counting';
import { MemoryBlobStore } from '../../../../services/core/store/memory/memory-blob-store';
import { MemoryDirectory } from '../../../../services/core/store/memory/memory-directory';
import { MemoryDoorbell } from '../../../../services/core/store/memory/memory-doorbell';
import { MemoryLogStore } from '../../../../services/core/store/memory/memory-log-store';
import { MemoryTier } from '../../../../services/core/store/memory/memory-tier';

test('requests and bytes are counted by operation, those that fail too', async () => {
  const counts = new RequestCounts();
  const tier = new MemoryTier();
  const log = countingLogStore(new MemoryLogStore(tier), counts);
  const blobs = countingBlobStore(new MemoryBlobStore(tier, systemClock), counts);
  const directory = countingDirectory(new MemoryDirectory(tier), counts);
  const doorbell = countingDoorbell(new MemoryDoorbell(tier), counts);

  await log.append('log', 1, new Uint8Array(10));
  await log.append('log', 1, new Uint8Array(5));
  await log.movePointer('log', 0, new Uint8Array(7));
  await log.readPointer('log');
  await log.readTail('log', 0);
  await log.deleteEntries('log', 1);
  await blobs.put('a0/a/1', new Uint8Array(100));
  await blobs.put('a0/a/2', (async function* () {
    yield new Uint8Array(30);
    yield new Uint8Array(12);
  })());
  await readWhole(blobs, 'a0/a/1', { startByte: 10, endByte: 40 });
  await expect(readWhole(blobs, 'a0/a/3')).rejects.toThrow();
  for await (const { key } of blobs.list('a0/')) await blobs.delete(key);
  await directory.get('a');
  await directory.put({
    login: 'a', accountId: 'b', passwordHash: null, credentialVersion: 1, disabled: false, removed: false, highestUidValidity: 0, aliasOf: null,
  }, 0);
  for await (const { login } of directory.list()) expect(login).toBe('a');
  doorbell.watch('a', () => {})();
  doorbell.ring('a', 1);

  expect(counts.requests()).toEqual({
    'log.append': 2, 'log.movePointer': 1, 'log.readPointer': 1, 'log.readTail': 1, 'log.deleteEntries': 1,
    'blobs.put': 2, 'blobs.read': 2, 'blobs.list': 1, 'blobs.delete': 2,
    'directory.get': 1, 'directory.put': 1, 'directory.list': 1, 'doorbell.watch': 1, 'doorbell.ring': 1,
  });
  expect(counts.of('log.append')).toEqual({ requests: 2, bytes: 15 });
  expect(counts.of('log.readTail')).toEqual({ requests: 1, bytes: 17 });
  expect(counts.of('log.readPointer').bytes).toBe(7);
  expect(counts.of('blobs.put').bytes).toBe(142);
  expect(counts.of('blobs.read').bytes).toBe(30);

  counts.reset();
  expect(counts.requests()).toEqual({});
  expect(counts.of('log.append')).toEqual({ requests: 0, bytes: 0 });
});
