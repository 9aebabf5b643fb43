// The folder that an export goes to: empty before, and marked from its beginning as not finished until it is. Whatever is written is
// durable before the mark says so.
import { mkdir, open, readdir, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../core/runtime/sync-folder';
import { codeOf, isSystemError, reasonOf } from '../../core/runtime/error-facts';
import { Unavailable } from '../../core/runtime/errors';
import { UsageError } from '../../options';
import { MARK, markText } from '../maildir/own-files';

/** Mail is its owner's alone. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

/** Makes the folder if it is not there. Throws UsageError if something is in it, or it cannot be made. */
export async function claimFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: FOLDER_MODE });
    if ((await readdir(path)).length > 0) throw new UsageError(`${path} is not empty: an export goes to a folder of its own`);
    await writeDurably(join(path, MARK), markText({ format: 1, complete: false, names: new Map() }));
    await syncFolder(path);
  } catch (error) {
    throw isSystemError(error) ? new UsageError(`cannot export to ${path}: ${reasonOf(error)}`, { cause: error }) : error;
  }
}

/** `names`: of mailboxes, by directories that do not tell them. */
export async function markComplete(path: string, names: ReadonlyMap<string, string>): Promise<void> {
  const next = join(path, `${MARK}.new`);
  await writeDurably(next, markText({ format: 1, complete: true, names }));
  await rename(next, join(path, MARK));
  await syncFolder(path);
}

export async function writeDurably(path: string, text: string): Promise<void> {
  await withFile(path, async (handle) => {
    await handle.writeFile(text);
    await handle.sync();
  });
}

/** A new file, closed in the end whatever happens. */
export async function withFile<T>(path: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    return await work(handle);
  } finally {
    await handle.close();
  }
}

/** Makes `path`; false if there is something. On some file systems two names are one. */
export async function madeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What the file system says, for whoever asked for the export. */
export async function explained<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isSystemError(error) ? new Unavailable(`cannot write to ${path}: ${reasonOf(error)}`, { cause: error }) : error;
  }
}
