// The messages that a command could not read, wholly or in part: each is written down, and decides how the command ends.
import type { Logger } from '../../core/runtime/logging';
import { Damaged, Unavailable } from '../../core/runtime/errors';
import { BlobMissing } from '../../core/store/blob-store';

/** With a store that is away, each message would cost the client a timeout. */
const FAILURES_IN_A_ROW_MAX = 8;

export class Unread {
  /** Messages that the store no longer has as they were: a bug, or damage. */
  damaged = 0;
  /** Messages that the store did not give now. */
  unavailable = 0;
  private inARow = 0;

  constructor(
    private readonly log: Logger,
    private readonly accountId: string,
    private readonly mailbox: number,
  ) {}

  /** True if it makes no sense to go on. */
  get isHopeless(): boolean {
    return this.inARow >= FAILURES_IN_A_ROW_MAX;
  }

  /** A message was read. */
  succeeded(): void {
    this.inARow = 0;
  }

  /** Throws the error if it is none of reading. */
  failed(error: unknown, uid: number): void {
    const fields = { error, account: this.accountId, mailbox: this.mailbox, uid };
    if (error instanceof BlobMissing || error instanceof Damaged) {
      this.damaged += 1;
      this.log.error(fields, 'a message cannot be read any more');
    } else if (error instanceof Unavailable) {
      this.unavailable += 1;
      this.inARow += 1;
      this.log.warn(fields, 'a message could not be read now');
    } else {
      throw error;
    }
  }
}
