import { EventEmitter, once } from 'node:events';
import { mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../../../../services/core/runtime/clock';
import { Unavailable } from '../../../../services/core/runtime/errors';
import { BlobMissing, readWhole } from '../../../../services/core/store/blob-store';
import { DirectoryBlobs } from '../../../../services/core/store/embedded/directory-blobs';
import { temporaryFolder } from './temporary-folder';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let root: string;
let blobs: DirectoryBlobs;
beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'blobs');
  blobs = await DirectoryBlobs.open(root, systemClock);
});
afterEach(() => folder.remove());

const temporaryFiles = (): Promise<string[]> => readdir(join(root, 'tmp'));
const bytes = Buffer.from('bytes');

async function listed(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of blobs.list('a0/')) keys.push(key);
  return keys.sort();
}

test('a blob is not there, in whole or in part, while it is written', async () => {
  const finished = new EventEmitter();
  const begun = new EventEmitter();
  const half = once(begun, 'half');
  const putting = blobs.put('a0/owner/slow', (async function* () {
    yield new Uint8Array(100_000);
    begun.emit('half');
    await once(finished, 'finish');
    yield new Uint8Array(1);
  })());
  await half;
  await expect(readWhole(blobs, 'a0/owner/slow')).rejects.toBeInstanceOf(BlobMissing);
  expect(await listed()).toEqual([]);
  expect(await temporaryFiles()).toHaveLength(1);
  finished.emit('finish');
  expect(await putting).toBe('stored');
  expect(await readWhole(blobs, 'a0/owner/slow')).toHaveLength(100_001);
});

test('no temporary file is left: not by one who stores, nor by one who comes too late, nor by one who breaks off', async () => {
  await blobs.put('a0/owner/1', bytes);
  await blobs.put('a0/owner/1', bytes);
  await expect(blobs.put('a0/owner/2', (async function* () {
    yield bytes;
    throw new Error('gone');
  })())).rejects.toThrow('gone');
  expect(await temporaryFiles()).toEqual([]);
});

test('opening removes temporary files older than a day', async () => {
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const name of ['old', 'young']) await writeFile(join(root, 'tmp', name), 'x');
  await utimes(join(root, 'tmp', 'old'), old, old);
  await DirectoryBlobs.open(root, systemClock);
  expect(await temporaryFiles()).toEqual(['young']);
});

test('a source is asked for the next chunk only when the last one is written', async () => {
  let ahead = 0;
  let most = 0;
  await blobs.put('a0/owner/1', (async function* () {
    for (let chunk = 0; chunk < 20; chunk++) {
      ahead += 1;
      most = Math.max(most, ahead);
      yield new Uint8Array(50_000);
      ahead -= 1;
    }
  })());
  expect(most).toBe(1);
});

test('list passes over what is no blob', async () => {
  await blobs.put('a0/owner/1', bytes);
  await writeFile(join(root, 'a0', 'owner', 'not a blob'), 'x');
  await writeFile(join(root, 'a0', 'file'), 'x');
  await mkdir(join(root, 'a0', 'owner', 'folder'));
  await mkdir(join(root, 'a0', 'not an owner'));
  expect(await listed()).toEqual(['a0/owner/1']);
});

test('a folder that was removed is made again', async () => {
  await blobs.put('a0/owner/1', bytes);
  await rm(join(root, 'a0'), { recursive: true });
  await expect(blobs.put('a0/owner/2', bytes)).rejects.toBeInstanceOf(Unavailable);
  expect(await blobs.put('a0/owner/2', bytes)).toBe('stored');
});

test.each([
  ['a file where a folder should be', async () => writeFile(join(root, 'a0'), 'x'), /not a directory|file already exists/],
  ['a folder where the blob should be', async () => mkdir(join(root, 'a0', 'owner', '1'), { recursive: true }), /illegal operation on a directory \(EISDIR\)/],
  ['a link in a circle', async () => {
    await mkdir(join(root, 'a0', 'owner'), { recursive: true });
    await symlink('1', join(root, 'a0', 'owner', '1'));
  }, /too many symbolic links/],
])('%s: an error that names its reason, and no path', async (_what, spoil, reason) => {
  await spoil();
  const reading = await readWhole(blobs, 'a0/owner/1').catch((error: unknown) => error);
  expect(reading).toBeInstanceOf(Unavailable);
  expect((reading as Error).message).toMatch(reason);
  const putting = await blobs.put('a0/owner/1', bytes).catch((error: unknown) => error);
  for (const outcome of [reading, putting]) expect(String(outcome)).not.toContain(root);
  expect(await temporaryFiles()).toEqual([]);
});

test('a temporary folder that is gone is an error, not a hang', async () => {
  await rm(join(root, 'tmp'), { recursive: true });
  await expect(blobs.put('a0/owner/1', bytes)).rejects.toThrow('blob store: cannot store a0/owner/1: no such file or directory (ENOENT)');
});
