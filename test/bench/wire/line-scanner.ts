// Finds lines in a stream of octets without making anything of them. IMAP literals are skipped by their length (RFC 3501 §4.3), so a
// response that carries a message costs a look at its first line and at its last.

const LF = 10;
const CR = 13;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const ZERO = 48;
const EMPTY = Buffer.alloc(0);
/** A SEARCH over a million messages is one line of 7 MB. */
const LINE_BYTES_MAX = 64 * 1024 * 1024;
const NO_LITERAL = -1;

export class LineScanner {
  /** The start of a line whose end has not come. */
  private held: Buffer = EMPTY;
  private literalLeft = 0;
  /** What comes now belongs to a response whose first line was told. */
  private isInside = false;

  /** `onLine` hears each line with its line end; of a response with literals, the first one. The octets are lent until it returns. */
  constructor(
    private readonly hasLiterals: boolean,
    private readonly onLine: (line: Buffer) => void,
  ) {}

  /** `chunk` is lent until this returns. Throws if a line has no end. */
  feed(chunk: Buffer): void {
    let searchFrom = this.held.length;
    const bytes = searchFrom === 0 ? chunk : Buffer.concat([this.held, chunk]);
    this.held = EMPTY;
    for (let at = 0; ; ) {
      const skipped = Math.min(this.literalLeft, bytes.length - at);
      this.literalLeft -= skipped;
      at += skipped;
      const end = bytes.indexOf(LF, Math.max(at, searchFrom));
      if (end === -1) return this.hold(bytes, at);
      const literal = this.hasLiterals ? literalAt(bytes, at, end) : NO_LITERAL;
      if (!this.isInside) this.onLine(bytes.subarray(at, end + 1));
      this.isInside = literal !== NO_LITERAL;
      this.literalLeft = Math.max(literal, 0);
      at = end + 1;
      searchFrom = at;
    }
  }

  private hold(bytes: Buffer, at: number): void {
    if (bytes.length - at > LINE_BYTES_MAX) throw new Error(`the server sent a line of more than ${LINE_BYTES_MAX} octets`);
    if (at < bytes.length) this.held = Buffer.from(bytes.subarray(at));
  }
}

/** The length of the literal that the line in [at, end] announces, `{n}` before its CRLF. */
function literalAt(bytes: Buffer, at: number, end: number): number {
  if (bytes[end - 1] !== CR || bytes[end - 2] !== CLOSE_BRACE) return NO_LITERAL;
  let length = 0;
  let scale = 1;
  for (let i = end - 3; i >= at; i -= 1) {
    const byte = bytes[i]!;
    if (byte === OPEN_BRACE) return scale > 1 ? length : NO_LITERAL;
    if (byte < ZERO || byte > ZERO + 9) return NO_LITERAL;
    length += (byte - ZERO) * scale;
    scale *= 10;
  }
  return NO_LITERAL;
}
