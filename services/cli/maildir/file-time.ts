// When a message came is when its file was last written, to the millisecond where the file system can.
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** What file systems can tell. */
const LATEST_MS = Date.UTC(2100, 0, 1);

export function fileTimeMs({ mtimeMs }: Stats): number {
  return Math.max(0, Math.floor(mtimeMs));
}

/** False if the file cannot tell this time. */
export async function setFileTime(handle: FileHandle, timeMs: number): Promise<boolean> {
  if (timeMs < 0 || timeMs > LATEST_MS) return false;
  // A quarter more: in seconds, a millisecond is no exact fraction, and must not become the one before.
  const seconds = (timeMs + 0.25) / 1000;
  await handle.utimes(seconds, seconds);
  return fileTimeMs(await handle.stat()) === timeMs;
}
