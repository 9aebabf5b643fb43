import { createHash } from 'node:crypto';
import { randomHex, type Random } from '../runtime/random';
import type { BlobKey } from './blob-store';

/** Where all blobs of an account are: two hex digits of a hash spread the accounts over a bucket's partitions. */
export function blobPrefix(accountId: string): string {
  return `${createHash('sha256').update(accountId).digest('hex').slice(0, 2)}/${accountId}/`;
}

/** A fresh key: never made from content, never shared between accounts. */
export function blobKey(accountId: string, random: Random): BlobKey {
  return blobPrefix(accountId) + randomHex(random, 16);
}
