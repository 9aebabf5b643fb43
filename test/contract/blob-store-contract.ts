// The contract of services/core/store/blob-store.ts, claim by claim.
import { BlobMissing, readWhole, type BlobInfo, type BlobStore } from '../../services/core/store/blob-store';
import type { Make, Opened } from './opened';

const key = (name: string, owner = 'owner', shard = 'a0'): string => `${shard}/${owner}/${name}`;
const ten = Buffer.from('0123456789');
const large = Buffer.from(Uint8Array.from({ length: 700_001 }, (_, index) => (index * 7919) >>> 5));

async function* stream(...chunks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  for (const chunk of chunks) {
    await new Promise(setImmediate);
    yield chunk;
  }
}

async function listed(store: BlobStore, prefix: string): Promise<string[]> {
  const infos: BlobInfo[] = [];
  for await (const info of store.list(prefix)) infos.push(info);
  return infos.map((info) => info.key).sort();
}

export function blobStoreContract(name: string, make: Make<BlobStore>): void {
  describe(`blob store: ${name}`, () => {
    let opened: Opened<BlobStore>;
    let store: BlobStore;
    let another: BlobStore;

    beforeEach(async () => {
      opened = await make();
      ({ store, another } = opened);
    });
    afterEach(() => opened.cleanup());

    describe('put', () => {
      test.each([
        ['no bytes', new Uint8Array()],
        ['one byte', Uint8Array.of(0)],
        ['every byte', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
        ['700,001 bytes', large],
        ['a view into a larger buffer', large.subarray(1000, 1100)],
      ])('%s come back exactly, through the other handle too', async (_what, bytes) => {
        expect(await store.put(key('whole'), bytes)).toBe('stored');
        expect(await store.put(key('streamed'), stream(bytes))).toBe('stored');
        for (const handle of [store, another]) {
          for (const blob of ['whole', 'streamed']) expect(Buffer.compare(await readWhole(handle, key(blob)), bytes)).toBe(0);
        }
      });

      test('a stream of many chunks, empty ones among them, comes back as one', async () => {
        const chunks = Array.from({ length: 200 }, (_, index) => Buffer.alloc(index % 7 === 0 ? 0 : index * 11, index));
        expect(await store.put(key('chunks'), stream(...chunks))).toBe('stored');
        expect(await store.put(key('none'), stream())).toBe('stored');
        expect((await readWhole(another, key('chunks'))).equals(Buffer.concat(chunks))).toBe(true);
        expect(await readWhole(another, key('none'))).toHaveLength(0);
      });

      test('a source may use its buffer again for the next chunk', async () => {
        const buffer = Buffer.alloc(1000);
        async function* reusing(): AsyncIterable<Uint8Array> {
          for (let chunk = 0; chunk < 5; chunk++) yield buffer.fill(chunk);
        }
        await store.put(key('reused'), reusing());
        const bytes = await readWhole(store, key('reused'));
        expect([0, 1, 2, 3, 4].map((chunk) => bytes[chunk * 1000 + 500])).toEqual([0, 1, 2, 3, 4]);
      });

      test('"exists" leaves the first bytes', async () => {
        expect(await store.put(key('blob'), ten)).toBe('stored');
        expect(await another.put(key('blob'), Buffer.from('other'))).toBe('exists');
        expect(await store.put(key('blob'), stream(Buffer.from('other')))).toBe('exists');
        expect((await readWhole(another, key('blob'))).equals(ten)).toBe(true);
      });

      test('of 30 that race for one key, exactly one stores', async () => {
        const answers = await Promise.all(Array.from({ length: 30 }, (_, racer) =>
          (racer % 2 === 0 ? store : another).put(key('race'), Buffer.from(`racer ${racer}`))));
        const winners = answers.flatMap((answer, racer) => (answer === 'stored' ? [racer] : []));
        expect(winners).toHaveLength(1);
        expect((await readWhole(store, key('race'))).toString()).toBe(`racer ${winners[0]}`);
      });

      test('many blobs of many owners at once', async () => {
        const keys = Array.from({ length: 120 }, (_, index) => key(`${index}`, `owner${index % 10}`, `a${index % 3}`));
        await Promise.all(keys.map((each, index) => store.put(each, Buffer.from(`blob ${index}`))));
        const bodies = await Promise.all(keys.map((each) => readWhole(another, each)));
        expect(bodies.map(String)).toEqual(keys.map((_, index) => `blob ${index}`));
      });

      test('a body that throws leaves no blob behind, and its own error arrives', async () => {
        const reason = new Error('the client went away');
        async function* broken(): AsyncIterable<Uint8Array> {
          yield large;
          await new Promise(setImmediate);
          throw reason;
        }
        await expect(store.put(key('broken'), broken())).rejects.toBe(reason);
        await expect(readWhole(store, key('broken'))).rejects.toBeInstanceOf(BlobMissing);
        expect(await listed(another, 'a0/owner/')).toEqual([]);
        expect(await store.put(key('broken'), ten)).toBe('stored');
      });
    });

    describe('read', () => {
      test('of a blob that is not there throws BlobMissing with its key', async () => {
        await store.put(key('here'), ten);
        for (const missing of [key('gone'), key('here', 'stranger'), key('here', 'owner', 'b0')]) {
          await expect(readWhole(store, missing)).rejects.toMatchObject({ name: 'BlobMissing', key: missing });
          await expect(readWhole(store, missing, { startByte: 2, endByte: 5 })).rejects.toBeInstanceOf(BlobMissing);
        }
      });

      test.each([
        [0, 10, '0123456789'],
        [0, 1, '0'],
        [3, 7, '3456'],
        [9, 10, '9'],
        [0, 0, ''],
        [5, 5, ''],
        [8, 1000, '89'],
        [0, Number.MAX_SAFE_INTEGER, '0123456789'],
        [10, 20, ''],
        [500, 600, ''],
      ])('bytes %p to %p of ten', async (startByte, endByte, expected) => {
        await store.put(key('ten'), ten);
        expect((await readWhole(another, key('ten'), { startByte, endByte })).toString()).toBe(expected);
      });

      test('a range of a large blob is exact', async () => {
        await store.put(key('large'), large);
        for (const [startByte, endByte] of [[0, 65_536], [65_535, 65_537], [262_143, 600_000], [699_000, 800_000]] as const) {
          const bytes = await readWhole(store, key('large'), { startByte, endByte });
          expect(bytes.equals(large.subarray(startByte, endByte))).toBe(true);
        }
      });

      test('a reader may stop early, and read slowly', async () => {
        await store.put(key('large'), large);
        for await (const chunk of store.read(key('large'))) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        const chunks: Uint8Array[] = [];
        for await (const chunk of store.read(key('large'))) {
          chunks.push(chunk);
          await new Promise(setImmediate);
        }
        expect(Buffer.concat(chunks).equals(large)).toBe(true);
      });
    });

    describe('list', () => {
      test('brings every blob below the prefix, and no other', async () => {
        const keys = [key('1'), key('2'), key('1', 'own'), key('1', 'owner2'), key('1', 'owner', 'a1'), key('1', 'other')];
        for (const each of keys) await store.put(each, ten);
        expect(await listed(another, 'a0/owner/')).toEqual([key('1'), key('2')].sort());
        expect(await listed(another, 'a0/own/')).toEqual([key('1', 'own')]);
        expect(await listed(another, 'a0/')).toEqual([key('1'), key('2'), key('1', 'own'), key('1', 'owner2'), key('1', 'other')].sort());
        expect(await listed(another, 'a0/nobody/')).toEqual([]);
        expect(await listed(another, 'ff/')).toEqual([]);
      });

      test('tells size and time', async () => {
        const beforeMs = Date.now() - 10_000;
        await store.put(key('ten'), ten);
        const infos: BlobInfo[] = [];
        for await (const info of store.list('a0/owner/')) infos.push(info);
        expect(infos).toEqual([{ key: key('ten'), sizeBytes: 10, storedAtMs: expect.any(Number) as number }]);
        expect(infos[0]!.storedAtMs).toBeGreaterThan(beforeMs);
        expect(infos[0]!.storedAtMs).toBeLessThan(Date.now() + 10_000);
      });
    });

    test('delete removes one blob; deleting what is not there does no harm', async () => {
      await store.put(key('1'), ten);
      await store.put(key('2'), ten);
      await another.delete(key('1'));
      await another.delete(key('1'));
      await another.delete(key('1', 'stranger', 'ff'));
      await expect(readWhole(store, key('1'))).rejects.toBeInstanceOf(BlobMissing);
      expect(await listed(store, 'a0/owner/')).toEqual([key('2')]);
      expect(await store.put(key('1'), Buffer.from('again'))).toBe('stored');
    });

    test.each([
      '', '/', 'a0', 'a0/', 'a0/owner', 'a0/owner/', 'a0//x', '/a0/owner/x', 'a0/owner/..', 'a0/owner/.', 'a0/../x', '../owner/x',
      'a0/owner/../x', 'a0/owner/x/y', 'a0/owner/x/', 'a0/own er/x', 'a0/owner/x\0', 'a0/owner/x\n', 'A0/owner/x', 'g0/owner/x',
      'a0\\owner\\x', 'a0/owner/%2e%2e', 'a0/./x', 'tmp/owner/x', 'a0/owner/\u00e4', `a0/owner/../../../../../../etc/passwd`,
    ])('%j is no key', async (hostile) => {
      await expect(store.put(hostile, ten)).rejects.toThrow();
      await expect(readWhole(store, hostile)).rejects.toThrow();
      await expect(store.delete(hostile)).rejects.toThrow();
    });
  });
}
