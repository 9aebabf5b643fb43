// What node:fs leaves to its callers: durable folders.
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncFolder } from '../../runtime/sync-folder';

/** Makes a folder that only its owner may enter, and what is missing above it, durably. */
export async function makeFolder(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  const top = dirname(resolve(firstMade));
  for (let folder = dirname(resolve(path)); folder.length >= top.length; folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === top) return;
  }
}
