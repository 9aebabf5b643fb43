// Reading the octets of messages from the blob store: exactly those asked for, each step within a time, every failure as what it is.
import type { OctetRange } from '../message/section';
import { withDeadline, type Clock } from '../runtime/clock';
import { Damaged, Unavailable } from '../runtime/errors';
import { blobKey } from '../store/blob-key';
import { BlobMissing, type BlobStore } from '../store/blob-store';

/** How long a store may sit on the next piece before it counts as unreachable; a slow client's time is not in it. */
const STALL_MS = 10_000;

export class MessageBodies {
  constructor(
    private readonly blobs: BlobStore,
    private readonly clock: Clock,
    private readonly accountId: string,
  ) {}

  /**
   * The octets of `range`, no fewer and no more, with back-pressure. Throws BlobMissing, Damaged if the blob is shorter than that,
   * Unavailable.
   */
  async *read(blobId: Uint8Array, { startByte, endByte }: OctetRange): AsyncGenerator<Uint8Array, void> {
    if (startByte >= endByte) return;
    const key = blobKey(this.accountId, blobId);
    const pieces = this.blobs.read(key, { startByte, endByte })[Symbol.asyncIterator]();
    let missingBytes = endByte - startByte;
    try {
      while (missingBytes > 0) {
        const step = await this.next(pieces);
        if (step.done) throw new Damaged(`blob ${key} ends ${missingBytes} bytes before its message`);
        missingBytes -= step.value.length;
        if (missingBytes < 0) throw new Damaged(`blob ${key} gave more than was asked for`);
        yield step.value;
      }
    } finally {
      // Not waited for: a store that hangs would hang this too. That it fails changes nothing about what was read.
      pieces.return?.().catch(() => undefined);
    }
  }

  /** The octets of `range` in memory: for ranges that are known to be small. Throws as read() does. */
  async whole(blobId: Uint8Array, range: OctetRange): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.read(blobId, range)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  private async next(pieces: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await withDeadline(this.clock, STALL_MS, pieces.next(), () => new Unavailable('the blob store does not answer'));
    } catch (error) {
      if (error instanceof BlobMissing || error instanceof Unavailable) throw error;
      throw new Unavailable('the blob store could not read a message', { cause: error });
    }
  }
}
