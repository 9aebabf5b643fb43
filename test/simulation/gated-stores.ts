// A node's stores as its own process sees them: answers wait at the gate, and the history notes what is sent.
import { decodeChanges } from '../../services/core/account/record-codec';
import { decodeEntry } from '../../services/core/log/entry';
import { blobPrefix } from '../../services/core/store/blob-key';
import type { BlobStore } from '../../services/core/store/blob-store';
import type { Doorbell } from '../../services/core/store/doorbell';
import type { LogStore, StoredEntry } from '../../services/core/store/log-store';
import { hexOf } from './hex';
import type { NodeGate } from './node-gate';
import type { SimRandom } from './sim-random';
import type { World } from './world';

export function gatedLogStore(inner: LogStore, node: string, gate: NodeGate, world: World, random: SimRandom): LogStore {
  return {
    append: async (logId, position, bytes) => {
      note(world, node, logId, position, bytes);
      const answer = await gate.pass('log', () => inner.append(logId, position, bytes));
      world.trace(node, `append ${position}: ${answer}`);
      return answer;
    },
    readTail: async (logId, after) => {
      const storedThrough = world.storedThrough(logId);
      const tail = await gate.pass('log', () => inner.readTail(logId, after));
      const entries = withGaps(tail.entries, storedThrough, world, random);
      world.trace(node, `tail after ${after}: ${entries.map(({ position }) => position).join(' ')}`);
      return { ...tail, entries };
    },
    readPointer: (logId) => gate.pass('log', () => inner.readPointer(logId)),
    movePointer: (logId, from, bytes) => gate.pass('log', () => inner.movePointer(logId, from, bytes)),
    deleteEntries: (logId, through) => gate.pass('log', () => inner.deleteEntries(logId, through)),
    close: () => inner.close(),
  };
}

/** A tail is no snapshot: of what is stored while it is read, any part may be missing (S4). */
function withGaps(entries: readonly StoredEntry[], storedThrough: number, world: World, random: SimRandom): readonly StoredEntry[] {
  return entries.filter(({ position }) => {
    const isMissed = position > storedThrough && random.happens(world.weather.gaps);
    if (isMissed && position < entries.at(-1)!.position) world.count('gap');
    return !isMissed;
  });
}

function note(world: World, node: string, logId: string, position: number, bytes: Uint8Array): void {
  const { token, changes } = decodeEntry(bytes);
  let changeBytes: Uint8Array | undefined;
  if (changes instanceof Uint8Array) changeBytes = changes;
  else changeBytes = world.sentBlobs.get(blobPrefix(logId) + hexOf(changes.blobId));
  if (!changeBytes) world.violate(`${node} sends entry ${position}, but not its spilled changes before it`);
  else world.judging(() => world.history.sent(node, logId, position, hexOf(token), decodeChanges(changeBytes)));
}

export function gatedBlobStore(inner: BlobStore, gate: NodeGate, world: World): BlobStore {
  return {
    put: (key, body) => {
      if (body instanceof Uint8Array) world.sentBlobs.set(key, Uint8Array.from(body));
      return gate.pass('blobs', () => inner.put(key, body));
    },
    read: (key, range) => gated(inner.read(key, range), gate),
    list: (prefix) => gated(inner.list(prefix), gate),
    delete: (key) => gate.pass('blobs', () => inner.delete(key)),
    close: () => inner.close(),
  };
}

async function* gated<T>(items: AsyncIterable<T>, gate: NodeGate): AsyncIterable<T> {
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await gate.pass('blobs', () => iterator.next());
    if (next.done) return;
    yield next.value;
  }
}

export function gatedDoorbell(inner: Doorbell, gate: NodeGate): Doorbell {
  return {
    ring: (accountId, position) => inner.ring(accountId, position),
    watch: (accountId, onRing) => inner.watch(accountId, (position) => gate.enter(() => onRing(position))),
    isHealthy: () => inner.isHealthy(),
    close: () => inner.close(),
  };
}
