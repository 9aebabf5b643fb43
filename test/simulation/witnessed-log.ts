// The log store itself, before any fault: it sees each entry at the moment in which it is stored.
import { decodeChanges } from '../../services/core/account/record-codec';
import { decodeEntry } from '../../services/core/log/entry';
import { blobPrefix } from '../../services/core/store/blob-key';
import type { LogStore } from '../../services/core/store/log-store';
import { MemoryLogStore } from '../../services/core/store/memory/memory-log-store';
import { hexOf } from './hex';
import type { World } from './world';

/** Reports entries that name what is not stored yet (W2). */
export function witnessedLogStore(world: World): LogStore {
  const inner = new MemoryLogStore(world.tier);
  return {
    append: async (logId, position, bytes) => {
      const answer = await inner.append(logId, position, bytes);
      if (answer === 'stored') witness(world, logId, position, bytes);
      return answer;
    },
    readTail: (logId, after) => inner.readTail(logId, after),
    readPointer: (logId) => inner.readPointer(logId),
    movePointer: (logId, from, bytes) => inner.movePointer(logId, from, bytes),
    deleteEntries: (logId, through) => inner.deleteEntries(logId, through),
    close: () => inner.close(),
  };
}

function witness(world: World, logId: string, position: number, bytes: Uint8Array): void {
  const { changes, changeCount } = decodeEntry(bytes);
  if (changeCount === 0) world.count('fence');
  if (changeCount > 1) world.count('group');
  const isStored = (blobId: Uint8Array): boolean => world.tier.blobs.has(blobPrefix(logId) + hexOf(blobId));
  let changeBytes: Uint8Array | undefined;
  if (changes instanceof Uint8Array) changeBytes = changes;
  else {
    world.count('spill');
    changeBytes = world.tier.blobs.get(blobPrefix(logId) + hexOf(changes.blobId))?.bytes;
  }
  if (!changeBytes) {
    world.violate(`entry ${position} is stored before its spilled changes`);
    return;
  }
  const records = decodeChanges(changeBytes).flat();
  const bodies = records.flatMap((record) => (record.kind === 'added' ? record.messages : []));
  if (!bodies.every(({ blobId }) => isStored(blobId))) world.violate(`entry ${position} names a body that is not stored`);
}
