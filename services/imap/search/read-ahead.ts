// How far a search reads ahead of the message that it looks into: a few messages, of which it holds little.

/** Enough to keep a store busy that answers in milliseconds. */
export const MESSAGES_AHEAD = 8;
/** Of messages that wait for their turn; one that is larger waits alone. */
export const BYTES_AHEAD = 2 * 1024 * 1024;

/** What waits for its turn. */
interface Ahead {
  /** What it may hold in memory; 0 if it needs no body. */
  readonly heldBytes: number;
}

/** First in, first out; the caller takes one out as often as there is no room for the next. */
export class ReadAhead<T extends Ahead> {
  private readonly waiting: T[] = [];
  private heldBytes = 0;

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Whether a message of `bytes` may be begun beside those that wait. */
  hasRoomFor(bytes: number): boolean {
    return this.isEmpty || (this.waiting.length < MESSAGES_AHEAD && this.heldBytes + bytes <= BYTES_AHEAD);
  }

  push(ahead: T): void {
    this.waiting.push(ahead);
    this.heldBytes += ahead.heldBytes;
  }

  /** The one whose turn it is; undefined if none waits. */
  shift(): T | undefined {
    const first = this.waiting.shift();
    if (first) this.heldBytes -= first.heldBytes;
    return first;
  }
}
