// The contract of a blob store: immutable bytes under fresh random keys.

/** `<2 hex>/<owner>/<32 hex>`: see blobKey(). */
export type BlobKey = string;

export interface ByteRange {
  readonly startByte: number;
  /** Exclusive. A range that ends behind the blob is cut at its end. */
  readonly endByte: number;
}

export interface BlobInfo {
  readonly key: BlobKey;
  readonly sizeBytes: number;
  readonly storedAtMs: number;
}

/** The store answered that it holds no such blob. */
export class BlobMissing extends Error {
  override readonly name = 'BlobMissing';
  constructor(readonly key: BlobKey) {
    super(`no blob ${key}`);
  }
}

export interface BlobStore {
  /**
   * Stores `body` if nothing is stored under `key`; resolves only when it is durable. 'exists' is done only for one's own
   * re-send of the same key. A rejection proves nothing. A body that throws while it is read leaves no blob behind.
   */
  put(key: BlobKey, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<'stored' | 'exists'>;

  /** Reads a blob, or a range of it, with back-pressure. Throws BlobMissing. */
  read(key: BlobKey, range?: ByteRange): AsyncIterable<Uint8Array>;

  /** Every blob whose key starts with `prefix`, which ends with `/`. */
  list(prefix: string): AsyncIterable<BlobInfo>;

  /** For the keeper alone. Deleting what is not there does no harm. */
  delete(key: BlobKey): Promise<void>;

  close(): Promise<void>;
}

/** Reads a blob, or a range of it, into memory. Throws BlobMissing. */
export async function readWhole(store: BlobStore, key: BlobKey, range?: ByteRange): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, range)) chunks.push(chunk);
  return chunks.length === 1 ? Buffer.from(chunks[0]!.buffer, chunks[0]!.byteOffset, chunks[0]!.byteLength) : Buffer.concat(chunks);
}
