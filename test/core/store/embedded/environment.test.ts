import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../../../services/core/runtime/clock';
import { Unavailable } from '../../../../services/core/runtime/errors';
import { Environment, environmentOptions } from '../../../../services/core/store/embedded/environment';
import { isStorableId } from '../../../../services/core/store/embedded/storable-id';
import { openEmbedded } from '../../../../services/core/store/embedded/open-embedded';
import { temporaryFolder } from './temporary-folder';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test('a commit is flushed before anyone sees it', () => {
  expect(environmentOptions.overlappingSync).toBe(false);
});

test('only the owner may enter the folders, which are made as needed', async () => {
  const dataDir = join(folder.path, 'deep', 'data');
  const store = await openEmbedded(dataDir, systemClock);
  await store.blobs.put('a0/owner/1', new Uint8Array(10));
  for (const [path, mode] of [
    ['', 0o700], ['log', 0o700], ['blobs', 0o700], ['blobs/tmp', 0o700], ['blobs/a0', 0o700], ['blobs/a0/owner', 0o700], ['blobs/a0/owner/1', 0o600],
  ] as const) expect([path, (await stat(join(dataDir, path))).mode & 0o777]).toEqual([path, mode]);
  await store.close();
});

test('what was stored is there after all have closed, and the last of them closes twice', async () => {
  const store = await openEmbedded(folder.path, systemClock);
  await store.log.append('log', 1, Buffer.from('entry'));
  await store.log.movePointer('log', 0, Buffer.from('pointer'));
  await store.blobs.put('a0/owner/1', Buffer.from('blob'));
  await store.close();
  await store.close();
  const again = await openEmbedded(folder.path, systemClock);
  const { entries, pointer } = await again.log.readTail('log', 0);
  expect([entries.length, pointer!.version]).toEqual([1, 1]);
  await again.close();
});

test('writes under way are finished by close(), and refused after it', async () => {
  const store = await openEmbedded(folder.path, systemClock);
  const answers = Array.from({ length: 50 }, (_, index) => store.log.append('log', index + 1, new Uint8Array(100)));
  await store.close();
  expect(await Promise.all(answers)).toEqual(answers.map(() => 'stored'));
  await expect(store.log.append('log', 51, new Uint8Array())).rejects.toBeInstanceOf(Unavailable);
  await expect(store.log.readTail('log', 0)).rejects.toBeInstanceOf(Unavailable);
  await expect(store.directory.get('a')).rejects.toBeInstanceOf(Unavailable);
});

test('one handle goes on when another of the same process closes', async () => {
  const one = await openEmbedded(folder.path, systemClock);
  const two = await openEmbedded(folder.path, systemClock);
  await one.log.append('log', 1, new Uint8Array(10));
  await one.close();
  expect(await two.log.append('log', 1, new Uint8Array(10))).toBe('taken');
  expect(await two.log.append('log', 2, new Uint8Array(10))).toBe('stored');
  expect((await two.log.readTail('log', 0)).entries).toHaveLength(2);
  await two.close();
});

test('grows as needed, for all who have it open', async () => {
  const one = await openEmbedded(folder.path, systemClock);
  const two = await openEmbedded(folder.path, systemClock);
  for (let position = 1; position <= 60; position++) {
    const [writer, reader] = position % 2 === 0 ? [one, two] : [two, one];
    await writer.log.append('log', position, new Uint8Array(300_000).fill(position));
    const { entries } = await reader.log.readTail('log', position - 1);
    expect(entries[0]!.bytes.every((byte) => byte === position)).toBe(true);
  }
  expect((await one.log.readTail('log', 0)).entries).toHaveLength(60);
  await one.close();
  await two.close();
});

test('a place that cannot be a folder is refused with its reason', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  await expect(openEmbedded(file, systemClock)).rejects.toThrow(/cannot make .*: file already exists \(EEXIST\)/);
  await expect(openEmbedded(join(file, 'data'), systemClock)).rejects.toThrow(/cannot make .*: not a directory \(ENOTDIR\)/);
  await expect(Environment.open(join(file, 'log'), systemClock)).rejects.toBeInstanceOf(Unavailable);
});

test.each([
  ['something else', () => Buffer.alloc(20_000, 'not a store')],
  ['a short file', (stored: Buffer) => stored.subarray(0, 5000)],
  ['zeros', () => Buffer.alloc(8192)],
  ['another version of LMDB', (stored: Buffer) => Buffer.from(stored).fill(9, 28, 29)],
])('a store whose file is %s is refused, and the process lives', async (_what, spoilt) => {
  const store = await openEmbedded(folder.path, systemClock);
  await store.log.append('log', 1, new Uint8Array(10));
  await store.close();
  const file = join(folder.path, 'log', 'data.mdb');
  await writeFile(file, spoilt(await readFile(file)));
  await expect(openEmbedded(folder.path, systemClock)).rejects.toThrow(/cannot open .*: its file is not one of LMDB, or is damaged/);
});

test('an empty file becomes a store', async () => {
  await mkdir(join(folder.path, 'log'));
  await writeFile(join(folder.path, 'log', 'data.mdb'), '');
  const store = await openEmbedded(folder.path, systemClock);
  expect(await store.log.append('log', 1, new Uint8Array(10))).toBe('stored');
  await store.close();
});

test.each([['', false], ['a', true], ['a\0', false], ['a\u007f', false], ['\ud800', false], ['\u{1F600}', true], ['x'.repeat(1024), true],
  ['x'.repeat(1025), false], ['\u00e4'.repeat(513), false], ['a/b c', true]])('%j as an id: %p', async (id, storable) => {
  expect(isStorableId(id)).toBe(storable);
  const store = await openEmbedded(folder.path, systemClock);
  const append = store.log.append(id, 1, new Uint8Array(1));
  if (storable) expect(await append).toBe('stored');
  else await expect(append).rejects.toThrow(RangeError);
  await store.close();
});
