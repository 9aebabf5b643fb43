// A secret file that several processes want to make at once: one makes it, whole, and all read that one.
import { link, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../core/runtime/sync-folder';
import { Unavailable } from '../core/runtime/errors';
import { randomHex, type Random } from '../core/runtime/random';
import { codeOf, isSystemError, reasonOf } from '../core/runtime/error-facts';

/**
 * The content of the file at `path`; if there is none, `make` is asked, and the result stored for the owner's eyes only. Two that make
 * it at once get the same content. Rejects with Unavailable where the file system does not do its work.
 */
export async function claimedFile(path: string, random: Random, make: () => Promise<string> | string): Promise<string> {
  try {
    return await readOrMake(path, random, make);
  } catch (error) {
    throw isSystemError(error) ? new Unavailable(`cannot read or make ${path}: ${reasonOf(error)}`, { cause: error }) : error;
  }
}

async function readOrMake(path: string, random: Random, make: () => Promise<string> | string): Promise<string> {
  const known = await readIfThere(path);
  if (known !== null) return known;
  const temporary = `${path}.${randomHex(random, 8)}.tmp`;
  try {
    await writeDurably(temporary, await make());
    await link(temporary, path).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
  } finally {
    await unlink(temporary).catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
  await syncFolder(dirname(path));
  return readFile(path, 'utf8');
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
