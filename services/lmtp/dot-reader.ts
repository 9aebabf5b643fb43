// Takes the dots away that a sender has put before those at the start of a line, and finds the end: RFC 5321 §4.5.2. Only CRLF is a line's
// end; everything else, bare CR and LF too, is part of a line, so that nothing but CRLF . CRLF ends a message (§2.3.8).

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;

/** What came before: it decides what the next octet means. */
type Place = 'inLine' | 'behindCr' | 'lineStart' | 'behindDot' | 'behindDotCr';

export interface DotReading {
  /** The message's own octets. */
  readonly content: Buffer;
  /** What follows the end of the message; null: it has not ended. */
  readonly rest: Buffer | null;
}

export class DotReader {
  /** What comes first stands at the start of a line. */
  private place: Place = 'lineStart';

  /** Takes the next octets as they were sent. Not to be called after the end. */
  take(chunk: Buffer): DotReading {
    // Up to two octets may have waited for what this chunk begins with.
    const content = Buffer.allocUnsafe(chunk.length + 2);
    let length = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const octet = chunk[i]!;
      switch (this.place) {
        case 'lineStart':
          if (octet === DOT) {
            this.place = 'behindDot';
            continue;
          }
          break;
        case 'behindDot':
          if (octet === CR) {
            this.place = 'behindDotCr';
            continue;
          }
          // Of two dots the first goes. One that no sender should have left alone stays.
          if (octet !== DOT) content[length++] = DOT;
          break;
        case 'behindDotCr':
          if (octet === LF) return { content: content.subarray(0, length), rest: chunk.subarray(i + 1) };
          content[length++] = DOT;
          content[length++] = CR;
          break;
        case 'inLine':
        case 'behindCr':
          break;
      }
      content[length++] = octet;
      const isBehindCr = this.place === 'behindCr' || this.place === 'behindDotCr';
      this.place = octet === CR ? 'behindCr' : octet === LF && isBehindCr ? 'lineStart' : 'inLine';
    }
    return { content: content.subarray(0, length), rest: null };
  }
}
