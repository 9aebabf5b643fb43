import { createHash } from 'node:crypto';
import { takeBody } from '../../../services/core/account/body-intake';
import { decodeSummary } from '../../../services/core/message/summary';
import { Disconnected, Unavailable } from '../../../services/core/runtime/errors';
import { systemRandom } from '../../../services/core/runtime/random';
import { blobPrefix } from '../../../services/core/store/blob-key';
import type { BlobStore } from '../../../services/core/store/blob-store';
import { MemoryBlobStore } from '../../../services/core/store/memory/memory-blob-store';
import { MemoryTier } from '../../../services/core/store/memory/memory-tier';
import { ManualClock } from '../log/manual-clock';

const MESSAGE = Buffer.from('Subject: hello\r\nMessage-ID: <a@b>\r\n\r\nbody\r\n');

function world(wrap: (inner: BlobStore) => Partial<BlobStore> = () => ({})) {
  const clock = new ManualClock();
  const tier = new MemoryTier();
  const inner = new MemoryBlobStore(tier, clock);
  const plain: BlobStore = {
    put: (key, body) => inner.put(key, body),
    read: (key, range) => inner.read(key, range),
    list: (prefix) => inner.list(prefix),
    delete: (key) => inner.delete(key),
    close: () => inner.close(),
  };
  return { tier, clock, ports: { blobs: { ...plain, ...wrap(plain) }, clock, random: systemRandom } };
}

async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* brokenOff(): AsyncIterable<Buffer> {
  yield MESSAGE;
  throw new Disconnected('gone');
}

test.each([
  ['in memory', (): Uint8Array | AsyncIterable<Uint8Array> => MESSAGE],
  ['as a stream', () => inPieces(MESSAGE, 7)],
])('a body %s is stored under a fresh key of its account, and described', async (_name, source) => {
  const { tier, ports } = world();
  const stored = await takeBody(ports, 'joe', source());
  const [key, blob] = [...tier.blobs][0]!;
  expect(key).toBe(blobPrefix('joe') + Buffer.from(stored.blobId).toString('hex'));
  expect(Buffer.from(blob.bytes)).toEqual(MESSAGE);
  expect(stored).toMatchObject({ sizeBytes: MESSAGE.length, digest: new Uint8Array(createHash('sha256').update(MESSAGE).digest()) });
  expect(stored.blobId).toHaveLength(16);
  expect(stored.threadKey).toHaveLength(10);
  expect(decodeSummary(stored.summary).preview).toBe('body');
});

test('no more of a stream is asked for than the store has taken', async () => {
  let given = 0;
  let taken = 0;
  const source = async function* () {
    for (let i = 0; i < 100; i += 1) {
      expect(given - taken).toBeLessThanOrEqual(1);
      given += 1;
      yield Buffer.alloc(1000);
    }
  };
  const { ports } = world(() => ({
    put: async (_key, body) => {
      for await (const _chunk of body as AsyncIterable<Uint8Array>) {
        await new Promise(setImmediate);
        taken += 1;
      }
      return 'stored' as const;
    },
  }));
  expect((await takeBody(ports, 'joe', source())).sizeBytes).toBe(100_000);
});

test('what the source throws passes through, and nothing is stored', async () => {
  const { tier, ports } = world();
  await expect(takeBody(ports, 'joe', brokenOff())).rejects.toBeInstanceOf(Disconnected);
  expect(tier.blobs.size).toBe(0);
});

test('a store that fails on a stream is Unavailable', async () => {
  const { ports } = world(() => ({ put: () => Promise.reject(new Error('disk on fire')) }));
  await expect(takeBody(ports, 'joe', inPieces(MESSAGE, 7))).rejects.toBeInstanceOf(Unavailable);
});

test('a body in memory whose answer is lost is sent again under the same key', async () => {
  let answersLost = 1;
  const { tier, ports } = world((inner) => ({
    put: async (key, body) => {
      const answer = await inner.put(key, body);
      if (answersLost-- > 0) throw new Error('the answer was lost');
      return answer;
    },
  }));
  await takeBody(ports, 'joe', MESSAGE);
  expect(tier.blobs.size).toBe(1);
});

test('a body in memory that fails twice is Unavailable', async () => {
  const { ports } = world(() => ({ put: () => Promise.reject(new Error('no')) }));
  await expect(takeBody(ports, 'joe', MESSAGE)).rejects.toBeInstanceOf(Unavailable);
});

test.each([
  ['at its start', async () => new Promise<never>(() => undefined)],
  ['in its middle', async (body: AsyncIterable<Uint8Array>) => {
    for await (const _chunk of body) await new Promise<never>(() => undefined);
    return 'stored' as const;
  }],
  ['at its end', async (body: AsyncIterable<Uint8Array>) => {
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    return bytes < 0 ? ('stored' as const) : new Promise<never>(() => undefined);
  }],
])('a store that says nothing %s of a body is Unavailable after a while', async (_name, put) => {
  const { clock, ports } = world(() => ({ put: (_key, body) => put(body as AsyncIterable<Uint8Array>) }));
  await expect(clock.until(takeBody(ports, 'joe', inPieces(MESSAGE, 7)))).rejects.toBeInstanceOf(Unavailable);
  expect(clock.pendingTimers).toBe(0);
});

test('a client may take its time: only the store is watched', async () => {
  const { clock, ports } = world();
  const source = async function* () {
    for (let at = 0; at < MESSAGE.length; at += 7) {
      await new Promise<void>((resolve) => clock.after(60_000, resolve));
      yield MESSAGE.subarray(at, at + 7);
    }
  };
  expect((await clock.until(takeBody(ports, 'joe', source()))).sizeBytes).toBe(MESSAGE.length);
});
