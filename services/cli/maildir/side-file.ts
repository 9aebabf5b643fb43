// The small text files that lie beside messages. They come from anywhere: no link is followed, no pipe is waited on, no line is taken
// that is longer than any that makes sense.
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { codeOf } from '../../core/runtime/error-facts';

/** A file name, its UID and its POP3 UIDL; or 128 keywords of 64 octets, in JSON. */
const LINE_BYTES_MAX = 16 * 1024;
const CHUNK_BYTES = 64 * 1024;
const LF = 0x0a;
/** A pipe would make open() wait for its writer. O_NOFOLLOW: a link is ELOOP. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** What lies at `path`, itself and not what it links to: a link is refused as the system does it (ELOOP). */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  const handle = await openSafely(path);
  if (!handle) return 'none';
  try {
    const info = await handle.stat();
    return info.isDirectory() ? 'folder' : info.isFile() ? 'file' : 'none';
  } finally {
    await handle.close();
  }
}

/** Each line without its end; null for one that is too long. Nothing if there is no such file. */
export async function* sideFileLines(path: string): AsyncGenerator<string | null> {
  const handle = await openSafely(path);
  if (!handle) return;
  try {
    if (!(await handle.stat()).isFile()) return;
    yield* linesOf(handle);
  } finally {
    await handle.close();
  }
}

/** The whole file, if it is not larger than `bytesMax`; null if it is, or if there is none. */
export async function smallFile(path: string, bytesMax: number): Promise<string | null> {
  const handle = await openSafely(path);
  if (!handle) return null;
  try {
    const info = await handle.stat();
    return info.isFile() && info.size <= bytesMax ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

async function openSafely(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, FLAGS);
  } catch (error) {
    // ENXIO: a socket.
    if (['ENOENT', 'ENOTDIR', 'ENXIO'].includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

async function* linesOf(handle: FileHandle): AsyncGenerator<string | null> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const line = (): string | null => {
    const text = heldBytes > LINE_BYTES_MAX ? null : Buffer.concat(held).toString('utf8').replace(/\r$/, '');
    held = [];
    heldBytes = 0;
    return text;
  };
  const hold = (part: Buffer): void => {
    heldBytes += part.length;
    if (heldBytes <= LINE_BYTES_MAX) held.push(Buffer.from(part)); // A copy: the chunk is read into again.
  };
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    const read = chunk.subarray(0, bytesRead);
    let from = 0;
    for (let at = read.indexOf(LF); at !== -1; at = read.indexOf(LF, from)) {
      hold(read.subarray(from, at));
      yield line();
      from = at + 1;
    }
    hold(read.subarray(from));
  }
  if (heldBytes > 0) yield line();
}
