import { createHash } from 'node:crypto';
import type { BlobKey } from './blob-store';

/** Where all blobs of an account are: two hex digits of a hash spread the accounts over a bucket's partitions. */
export function blobPrefix(accountId: string): string {
  return `${createHash('sha256').update(accountId).digest('hex').slice(0, 2)}/${accountId}/`;
}

/** Of 16 bytes, random and fresh for each attempt to store something (F5). */
export function blobKey(accountId: string, blobId: Uint8Array): BlobKey {
  return blobPrefix(accountId) + Buffer.from(blobId).toString('hex');
}
