// Bytes in, in any chunking; lines and literals out. Does no I/O and knows no grammar. A command is the lines and literals up to
// the first line that announces no literal. Once `next()` has answered null, at most `lineBytesMax` bytes are held.
import { literalAtEnd, LITERAL_TEXT_BYTES_MAX, type Literal } from './literal';

export type Fragment =
  /** A line without its line end and without the `{n}` at its end, which `literal` describes. */
  | { readonly kind: 'line'; readonly bytes: Buffer; readonly literal: Literal | null }
  /** The next bytes of an accepted literal; may be empty. */
  | { readonly kind: 'literal'; readonly bytes: Buffer; readonly last: boolean }
  /** The command's lines exceed the limit. Told once, as soon as it is known; the rest of the command is being dropped. */
  | { readonly kind: 'overlong'; /** The start of the line that was too long. */ readonly head: Buffer };

export interface FramerOptions {
  /** All lines of one command together, line ends included, literals not. May be changed at any time. */
  lineBytesMax: number;
  /** False where `{5}` at the end of a line is just text: POP3, SASL, IDLE. May be changed at any time. */
  literals: boolean;
}

const EMPTY: Buffer = Buffer.alloc(0);
const LF = 0x0a;
const CR = 0x0d;
const HEAD_BYTES = 128;
const INITIAL_BYTES = 512;

type Expecting = 'line' | 'decision' | 'literal';

export class Framer {
  readonly options: FramerOptions;
  /** Held bytes are `#buffer[#start, #end)`; none of those before `#scanned` is a line feed. Bytes before `#end` are never
   *  written again, so fragments can point into the buffer. */
  #buffer: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #scanned = 0;
  /** The buffer is our own, so there may be room behind `#end`. */
  #owned = false;

  #expecting: Expecting = 'line';
  #literal: Literal | null = null;
  #literalLeft = 0;
  #lineBytesUsed = 0;

  #dropping = false;
  #droppedBytes = 0;
  /** While a line is dropped: its last bytes, which may announce a literal. */
  #droppedTail = EMPTY;

  constructor(options: FramerOptions) {
    this.options = { ...options };
  }

  /** Bytes pushed that no fragment has carried yet. Stop reading from the peer while this is large. */
  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  /** Bytes of the present command thrown away so far; 0 when nothing is being dropped. A peer that never ends shows here. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  /** True while the rest of a refused or overlong command is still to come. */
  get isDropping(): boolean {
    return this.#dropping;
  }

  /** Takes bytes from the peer. The chunk belongs to the framer from now on: do not write into it again. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    const held = this.pendingBytes;
    if (held === 0) {
      this.#hold(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), chunk.length, false);
      return;
    }
    if (!this.#owned || this.#end + chunk.length > this.#buffer.length) {
      const scanned = this.#scanned - this.#start;
      const grown = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, (held + chunk.length) * 2));
      grown.set(this.#buffer.subarray(this.#start, this.#end));
      this.#hold(grown, held, true);
      this.#scanned = scanned;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next fragment; null: more bytes are needed, or acceptLiteral() or discardCommand() after a line that announced a literal. */
  next(): Fragment | null {
    for (;;) {
      if (this.#expecting === 'decision') return null;
      const step = this.#expecting === 'literal' ? this.#literalStep() : this.#lineStep();
      if (step !== 'again') return step;
    }
  }

  /** The announced literal is wanted: it comes as fragments, then the command's next line. */
  acceptLiteral(): void {
    this.#settleLiteral(this.#announced());
  }

  /**
   * Throws away what is still to come of the present command. A synchronizing literal that was announced will not be sent;
   * any other literal, and one that was accepted, is read and dropped, and so are the lines that follow it.
   */
  discardCommand(): void {
    switch (this.#expecting) {
      case 'decision': {
        const literal = this.#announced();
        if (literal.synchronizing) {
          this.#endCommand();
          return;
        }
        this.#dropping = true;
        this.#settleLiteral(literal);
        return;
      }
      case 'literal':
        this.#dropping = true;
        return;
      case 'line':
        // Between commands there is nothing to drop.
        if (this.#lineBytesUsed > 0) this.#dropping = true;
    }
  }

  /**
   * Hands out all held bytes and forgets them, and any command that had begun. For STARTTLS, where they were sent in the clear and
   * must not be read as commands, and for COMPRESS, where they are compressed.
   */
  takeRest(): Buffer {
    const rest = this.#buffer.subarray(this.#start, this.#end);
    this.#hold(EMPTY, 0, false);
    this.#endCommand();
    return rest;
  }

  #lineStep(): Fragment | null | 'again' {
    const found = this.#buffer.subarray(0, this.#end).indexOf(LF, this.#scanned);
    if (this.#dropping) return this.#dropLine(found);
    const room = this.options.lineBytesMax - this.#lineBytesUsed;
    const lengthBytes = (found === -1 ? this.#end : found + 1) - this.#start;
    // A line that has no end yet needs room for it.
    if (found === -1 ? lengthBytes >= room && lengthBytes > 0 : lengthBytes > room) {
      const headBytes = Math.min(HEAD_BYTES, Math.max(room, 1));
      const head = Buffer.from(this.#buffer.subarray(this.#start, this.#start + headBytes));
      this.#dropping = true;
      return { kind: 'overlong', head };
    }
    if (found === -1) {
      this.#scanned = this.#end;
      return null;
    }
    const line = this.#buffer.subarray(this.#start, endOfLine(this.#buffer, this.#start, found));
    this.#consume(lengthBytes);
    this.#lineBytesUsed += lengthBytes;
    const announced = this.options.literals ? literalAtEnd(line) : null;
    if (announced === null) {
      this.#endCommand();
      return { kind: 'line', bytes: line, literal: null };
    }
    this.#expecting = 'decision';
    this.#literal = announced.literal;
    return { kind: 'line', bytes: line.subarray(0, announced.startByte), literal: announced.literal };
  }

  /** A dropped line may announce a literal that is sent without asking: it belongs to the command, and so does what follows it. */
  #dropLine(found: number): null | 'again' {
    const endByte = found === -1 ? this.#end : found + 1;
    const part = this.#buffer.subarray(Math.max(this.#start, endByte - LITERAL_TEXT_BYTES_MAX - 2), endByte);
    this.#droppedTail = Buffer.concat([this.#droppedTail, part]).subarray(-(LITERAL_TEXT_BYTES_MAX + 2));
    this.#droppedBytes += endByte - this.#start;
    this.#consume(endByte - this.#start);
    if (found === -1) return null;
    const tail = this.#droppedTail;
    this.#droppedTail = EMPTY;
    const announced = this.options.literals ? literalAtEnd(tail.subarray(0, endOfLine(tail, 0, tail.length - 1))) : null;
    if (announced === null || announced.literal.synchronizing) this.#endCommand();
    else this.#settleLiteral(announced.literal);
    return 'again';
  }

  #literalStep(): Fragment | null | 'again' {
    const takenBytes = Math.min(this.#literalLeft, this.pendingBytes);
    if (takenBytes === 0 && this.#literalLeft > 0) return null;
    const bytes = this.#buffer.subarray(this.#start, this.#start + takenBytes);
    this.#consume(takenBytes);
    this.#literalLeft -= takenBytes;
    const last = this.#literalLeft === 0;
    if (last) this.#expecting = 'line';
    if (!this.#dropping) return { kind: 'literal', bytes, last };
    this.#droppedBytes += takenBytes;
    return 'again';
  }

  #announced(): Literal {
    if (this.#literal === null) throw new Error('no literal waits for a decision');
    return this.#literal;
  }

  #settleLiteral(literal: Literal): void {
    this.#literal = null;
    this.#expecting = 'literal';
    this.#literalLeft = literal.sizeBytes;
  }

  #endCommand(): void {
    this.#expecting = 'line';
    this.#literal = null;
    this.#lineBytesUsed = 0;
    this.#dropping = false;
    this.#droppedBytes = 0;
    this.#droppedTail = EMPTY;
  }

  #hold(buffer: Buffer, endByte: number, owned: boolean): void {
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = endByte;
    this.#scanned = 0;
    this.#owned = owned;
  }

  #consume(count: number): void {
    this.#start += count;
    // An idle connection holds no buffer.
    if (this.#start === this.#end) this.#hold(EMPTY, 0, false);
    else this.#scanned = this.#start;
  }
}

/** Where the text of a line ends whose line feed is at `lineFeed`: a bare LF ends a line too. */
function endOfLine(buffer: Buffer, start: number, lineFeed: number): number {
  return lineFeed > start && buffer[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed;
}
