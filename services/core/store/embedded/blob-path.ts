// Where the blob of a key is, below the folder of all blobs. Keys are checked here, so that none leads anywhere else.
import { join } from 'node:path';
import type { BlobKey } from '../blob-store';

const KEY = /^([0-9a-f]{2})\/([A-Za-z0-9_-]{1,200})\/((?!\.{1,2}$)[A-Za-z0-9_.-]{1,200})$/;
const PREFIX = /^([0-9a-f]{2})\/(?:([A-Za-z0-9_-]{1,200})\/)?$/;

export interface BlobPath {
  /** The two folders above the file, outer one first. */
  readonly shard: string;
  readonly folder: string;
  readonly file: string;
}

/** Throws RangeError if `key` is none. */
export function blobPath(root: string, key: BlobKey): BlobPath {
  const parts = KEY.exec(key);
  if (parts === null) throw new RangeError(`not a blob key: ${JSON.stringify(key.slice(0, 200))}`);
  const shard = join(root, parts[1]!);
  const folder = join(shard, parts[2]!);
  return { shard, folder, file: join(folder, parts[3]!) };
}

/** A prefix of whole parts: two hex digits, and the owner if it is given. Throws RangeError if `prefix` is none. */
export function blobPrefixParts(prefix: string): { readonly shard: string; readonly owner: string | undefined } {
  const parts = PREFIX.exec(prefix);
  if (parts === null) throw new RangeError(`not a prefix of blob keys: ${JSON.stringify(prefix.slice(0, 200))}`);
  return { shard: parts[1]!, owner: parts[2] };
}

export function isOwner(name: string): boolean {
  return PREFIX.test(`00/${name}/`);
}

export function isBlobName(name: string): boolean {
  return KEY.test(`00/x/${name}`);
}
