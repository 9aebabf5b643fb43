// A blob store in memory.
import type { Clock } from '../../runtime/clock';
import { BlobMissing, type BlobInfo, type BlobKey, type BlobStore, type ByteRange } from '../blob-store';
import type { MemoryTier } from './memory-tier';

/** Reads come in pieces, as they do from every other store. */
const CHUNK_BYTES = 65_536;

const KEY = /^[0-9a-f]{2}\/[A-Za-z0-9_-]+\/(?!\.{1,2}$)[A-Za-z0-9_.-]+$/;

export class MemoryBlobStore implements BlobStore {
  constructor(private readonly tier: MemoryTier, private readonly clock: Clock) {}

  async put(key: BlobKey, body: Uint8Array | AsyncIterable<Uint8Array>): Promise<'stored' | 'exists'> {
    checkKey(key);
    const bytes = await collect(body);
    if (this.tier.blobs.has(key)) return 'exists';
    this.tier.blobs.set(key, { bytes, storedAtMs: this.clock.nowMs() });
    return 'stored';
  }

  async *read(key: BlobKey, range?: ByteRange): AsyncIterable<Uint8Array> {
    checkKey(key);
    const blob = this.tier.blobs.get(key);
    if (blob === undefined) throw new BlobMissing(key);
    const endByte = Math.min(range?.endByte ?? blob.bytes.length, blob.bytes.length);
    for (let at = range?.startByte ?? 0; at < endByte; at += CHUNK_BYTES) {
      yield blob.bytes.slice(at, Math.min(at + CHUNK_BYTES, endByte));
    }
  }

  async *list(prefix: string): AsyncIterable<BlobInfo> {
    if (!prefix.endsWith('/')) throw new RangeError(`a prefix ends with a slash: ${prefix}`);
    for (const [key, { bytes, storedAtMs }] of this.tier.blobs) {
      if (key.startsWith(prefix)) yield { key, sizeBytes: bytes.length, storedAtMs };
    }
  }

  async delete(key: BlobKey): Promise<void> {
    checkKey(key);
    this.tier.blobs.delete(key);
  }

  async close(): Promise<void> {}
}

function checkKey(key: BlobKey): void {
  if (!KEY.test(key)) throw new RangeError(`not a blob key: ${JSON.stringify(key.slice(0, 200))}`);
}

async function collect(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return Uint8Array.from(body);
  const chunks: Uint8Array[] = [];
  // Copied piece by piece: the source may use its buffer again.
  for await (const chunk of body) chunks.push(Uint8Array.from(chunk));
  return Uint8Array.from(Buffer.concat(chunks));
}
