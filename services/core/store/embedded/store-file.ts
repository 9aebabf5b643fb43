// A look at LMDB's file before LMDB opens it: lmdb ends the process, with a segmentation fault, where it should throw.
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { sleep, type Clock } from '../../runtime/clock';
import { codeOf } from '../../runtime/error-facts';

/** Two pages, each with a page header of 24 bytes, a magic number and the format's version (MDB_meta in lmdb's mdb.c). */
const HEADER_BYTES = 24;
const MAGIC = 0xbeefc0de;
const FORMAT_VERSION = 2;
const META_PAGES = 2;
/** lmdb's page is the system's. */
const SMALLEST_PAGE_BYTES = 4096;

/** Another process may be writing the first pages at this moment. */
const TRIES = 10;
const PAUSE_MS = 20;

/** Throws unless `path` is a file that LMDB can open or make. */
export async function checkStoreFile(folder: string, path: string, clock: Clock): Promise<void> {
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  await checkWritable(`${path}-lock`);
  for (let tries = 1; !(await isStoreFile(path)); tries++) {
    if (tries === TRIES) throw new Error('its file is not one of LMDB, or is damaged');
    await sleep(clock, PAUSE_MS);
  }
}

async function checkWritable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

async function isStoreFile(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r+');
    try {
      const { size } = await handle.stat();
      const start = Buffer.alloc(HEADER_BYTES + 8);
      await handle.read(start, 0, start.length, 0);
      return size === 0
        || (size >= META_PAGES * SMALLEST_PAGE_BYTES
          && start.readUInt32LE(HEADER_BYTES) === MAGIC
          && start.readUInt32LE(HEADER_BYTES + 4) === FORMAT_VERSION);
    } finally {
      await handle.close();
    }
  } catch (error) {
    // LMDB will make it.
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}
