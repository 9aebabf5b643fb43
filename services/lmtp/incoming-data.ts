// The octets after DATA, as they come: in blocks of one size whatever the packets were, so that a flood of tiny ones costs no more than
// its octets. NUL becomes 0x80 (no literal can carry it); nothing else changes.
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { parseHeader } from '../core/message/header';
import { Disconnected } from '../core/runtime/errors';
import type { LmtpLimits } from './lmtp-limits';
import { tooLarge } from './reply';

const BLOCK_BYTES = 64 * 1024;
const NUL = 0x00;
const IN_PLACE_OF_NUL = 0x80;

/** The sender goes on with a message that is far too large: nobody waits for its end. */
export class Flood extends Error {
  override readonly name = 'Flood';
}

export class IncomingData {
  private readonly chunks: AsyncIterator<Buffer>;
  /** Of the last chunk: what no block has taken yet. */
  private rest: Buffer = Buffer.alloc(0);
  private heardBytes = 0;
  private isWhole = false;
  /** Of every octet as it came. */
  private readonly hash = createHash('sha256');
  private isTraced: boolean | null = null;
  private digestMade: Buffer | null = null;

  constructor(
    stream: Readable,
    private readonly limits: LmtpLimits,
  ) {
    this.chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /**
   * The next block, null at the end. Throws Reply when the message, heard to its end, was too large; Flood if that end does not come;
   * Disconnected.
   */
  async block(): Promise<Buffer | null> {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    let usedBytes = 0;
    while (usedBytes < BLOCK_BYTES) {
      if (this.rest.length === 0) {
        const chunk = await this.chunk();
        if (chunk === null) {
          this.isWhole = true;
          break;
        }
        if (this.heardBytes > this.limits.messageBytes) {
          await this.discard();
          throw tooLarge(this.limits.messageBytes);
        }
        this.rest = chunk;
      }
      const takenBytes = this.rest.copy(block, usedBytes);
      this.rest = this.rest.subarray(takenBytes);
      usedBytes += takenBytes;
    }
    return usedBytes === 0 ? null : this.taken(block.subarray(0, usedBytes));
  }

  /** What is left, block by block. Throws as block() does. */
  async *blocks(): AsyncGenerator<Buffer, void> {
    for (let block = await this.block(); block !== null; block = await this.block()) yield block;
  }

  /** Hears the message to its end without keeping it. Throws Flood, Disconnected. */
  async discard(): Promise<void> {
    this.rest = Buffer.alloc(0);
    while ((await this.chunk()) !== null);
  }

  /** SHA-256 of the whole message as it came; after its last block. */
  get digest(): Buffer {
    if (!this.isWhole) throw new Error('the message was not heard to its end');
    this.digestMade ??= this.hash.digest();
    return this.digestMade;
  }

  /** Whether a mail server has passed the message on (RFC 5321 §4.4): two that are equal are then one message that came twice. */
  get hasReceivedField(): boolean {
    return this.isTraced ?? false;
  }

  private taken(block: Buffer): Buffer {
    this.hash.update(block);
    // Trace fields are put on top: the first block has them, or there are none.
    this.isTraced ??= parseHeader(block).fields.some(({ key }) => key === 'received');
    for (let at = block.indexOf(NUL); at !== -1; at = block.indexOf(NUL, at + 1)) block[at] = IN_PLACE_OF_NUL;
    return block;
  }

  private async chunk(): Promise<Buffer | null> {
    const step = await this.nextStep();
    if (step.done) return null;
    this.heardBytes += step.value.length;
    if (this.heardBytes > this.limits.droppedBytes) throw new Flood('the message has no end');
    return step.value;
  }

  private async nextStep(): Promise<IteratorResult<Buffer>> {
    try {
      return await this.chunks.next();
    } catch (cause) {
      throw new Disconnected('the sender left inside its message', { cause });
    }
  }
}
