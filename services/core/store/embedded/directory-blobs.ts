// A blob store on a directory. A blob is written to a temporary file, flushed, and then linked to its name: link() refuses a name
// that exists, and what has a name is whole.
import { link, mkdir, open, opendir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../runtime/clock';
import { codeOf, reasonOf } from '../../runtime/error-facts';
import { Unavailable } from '../../runtime/errors';
import { randomHex, systemRandom } from '../../runtime/random';
import { BlobMissing, type BlobInfo, type BlobKey, type BlobStore, type ByteRange } from '../blob-store';
import { blobPath, blobPrefixParts, isBlobName, isOwner, type BlobPath } from './blob-path';
import { makeFolder } from './file-system';
import { FolderSyncs } from './folder-syncs';

const READ_CHUNK_BYTES = 262_144;
/** A temporary file as old as this was left by a crash. */
const STALE_MS = 24 * 3_600_000;
/** How many folders are remembered as durable; forgetting one costs three flushes. */
const MAX_KNOWN_FOLDERS = 65_536;

export class DirectoryBlobs implements BlobStore {
  readonly #syncs = new FolderSyncs();
  readonly #durableFolders = new Set<string>();

  private constructor(private readonly root: string, private readonly temporary: string) {}

  /** Makes `root` if need be, and removes what crashed processes left behind. Rejects with Unavailable. */
  static async open(root: string, clock: Clock): Promise<DirectoryBlobs> {
    const temporary = join(root, 'tmp');
    await during(`open ${root}`, async () => {
      await makeFolder(temporary);
      await removeStale(temporary, clock);
    });
    return new DirectoryBlobs(root, temporary);
  }

  async put(key: BlobKey, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<'stored' | 'exists'> {
    const path = blobPath(this.root, key);
    const temporary = join(this.temporary, randomHex(systemRandom, 16));
    const what = `store ${key}`;
    const handle = await during(what, () => open(temporary, 'wx', 0o600));
    try {
      try {
        await writeBody(handle, body, what);
        await during(what, () => handle.sync());
      } finally {
        await during(what, () => handle.close());
      }
      return await during(what, () => this.#publish(temporary, path));
    } finally {
      await during(what, () => unlinkIfThere(temporary));
    }
  }

  async *read(key: BlobKey, range?: ByteRange): AsyncIterable<Uint8Array> {
    const { file } = blobPath(this.root, key);
    const what = `read ${key}`;
    const handle = await during(what, () => openIfThere(file));
    if (handle === null) throw new BlobMissing(key);
    try {
      // A range needs no size: it ends where the file does, and what has a name is whole. Asking costs as much as reading.
      const endByte = range?.endByte ?? (await during(what, () => handle.stat())).size;
      for (let at = range?.startByte ?? 0; at < endByte;) {
        const chunk = Buffer.allocUnsafeSlow(Math.min(READ_CHUNK_BYTES, endByte - at));
        const { bytesRead } = await during(what, () => handle.read(chunk, 0, chunk.length, at));
        if (bytesRead === 0) {
          if (range) return;
          throw new Unavailable(`blob store: cannot ${what}: the file is shorter than it was`);
        }
        at += bytesRead;
        yield chunk.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async *list(prefix: string): AsyncIterable<BlobInfo> {
    const { shard, owner } = blobPrefixParts(prefix);
    const owners = owner === undefined ? namesIn(join(this.root, shard)) : [owner];
    for await (const each of owners) {
      if (!isOwner(each)) continue;
      for await (const name of namesIn(join(this.root, shard, each))) {
        if (!isBlobName(name)) continue;
        const key = `${shard}/${each}/${name}`;
        const info = await during(`list ${key}`, () => statIfThere(blobPath(this.root, key).file));
        if (info?.isFile() === true) yield { key, sizeBytes: info.size, storedAtMs: info.mtimeMs };
      }
    }
  }

  async delete(key: BlobKey): Promise<void> {
    const { file } = blobPath(this.root, key);
    await during(`delete ${key}`, () => unlinkIfThere(file));
  }

  async close(): Promise<void> {}

  /** Gives the file its name, durably. A name that exists is flushed too: its own writer may not have done so yet. */
  async #publish(temporary: string, path: BlobPath): Promise<'stored' | 'exists'> {
    if (!this.#durableFolders.has(path.folder)) await this.#makeFolder(path);
    let outcome: 'stored' | 'exists' = 'stored';
    try {
      await link(temporary, path.file);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') this.#durableFolders.delete(path.folder);
      if (codeOf(error) !== 'EEXIST') throw error;
      outcome = 'exists';
    }
    await this.#syncs.sync(path.folder);
    return outcome;
  }

  /** A folder that another process made counts as durable only after a flush of our own. */
  async #makeFolder({ shard, folder }: BlobPath): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.#syncs.sync(shard);
    await this.#syncs.sync(this.root);
    if (this.#durableFolders.size >= MAX_KNOWN_FOLDERS) this.#durableFolders.clear();
    this.#durableFolders.add(folder);
  }
}

/** An error of the body is the caller's own and stays as it is. */
async function writeBody(handle: FileHandle, body: Uint8Array | AsyncIterable<Uint8Array>, what: string): Promise<void> {
  if (body instanceof Uint8Array) return during(what, () => handle.writeFile(body));
  for await (const chunk of body) await during(what, () => handle.writeFile(chunk));
}

async function removeStale(folder: string, clock: Clock): Promise<void> {
  for await (const name of namesIn(folder)) {
    const path = join(folder, name);
    const info = await statIfThere(path);
    if (info !== null && info.mtimeMs < clock.nowMs() - STALE_MS) await unlinkIfThere(path);
  }
}

/** The names in a folder, none if it does not exist or is a file. */
async function* namesIn(folder: string): AsyncIterable<string> {
  const entries = await during('list a folder', () => orNull(opendir(folder), ['ENOENT', 'ENOTDIR']));
  if (entries === null) return;
  for await (const { name } of entries) yield name;
}

const openIfThere = (path: string): Promise<FileHandle | null> => orNull(open(path, 'r'));
const statIfThere = (path: string) => orNull(stat(path));
const unlinkIfThere = async (path: string): Promise<void> => void (await orNull(unlink(path)));

/** Null where there is no such file. */
async function orNull<T>(work: Promise<T>, codes: readonly string[] = ['ENOENT']): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return null;
    throw error;
  }
}

async function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Unavailable(`blob store: cannot ${what}: ${reasonOf(error)}`, { cause: error });
  }
}
