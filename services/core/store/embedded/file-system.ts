// What node:fs leaves to its callers: durable folders, and errors that say what is wrong without saying where.
import { mkdir, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { getSystemErrorMap } from 'node:util';

/** Makes a folder that only its owner may enter, and what is missing above it, durably. */
export async function makeFolder(path: string): Promise<void> {
  const firstMade = await mkdir(path, { recursive: true, mode: 0o700 });
  if (firstMade === undefined) return;
  const top = dirname(resolve(firstMade));
  for (let folder = dirname(resolve(path)); folder.length >= top.length; folder = dirname(folder)) {
    await syncDirectory(folder);
    if (folder === top) return;
  }
}

/** Makes the entries of a folder durable. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The code of a system error, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return isObject(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}

/** "no space left on device (ENOSPC)"; paths are left to the error's cause. */
export function reasonOf(error: unknown): string {
  if (!isObject(error)) return String(error);
  const known = typeof error['errno'] === 'number' ? getSystemErrorMap().get(error['errno']) : undefined;
  return known === undefined ? String(error['message']) : `${known[1]} (${known[0]})`;
}

/** Not `instanceof Error`: errors of Node may come from another realm. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
