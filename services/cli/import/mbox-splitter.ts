// Cuts an mbox into messages: chunks of any size in, the starts of messages and their octets out. Holds one line at most.
//
// A message starts with a From_ line at the very start or after an empty line, which belongs to the format (RFC 4155). `>From ` at
// the start of a line, with any number of `>`, was quoted by the writer: one `>` goes away (mboxrd; of mboxo's, which quotes less,
// that is right wherever something was quoted).
import { fromLineDateMs } from './mail-date';

export type MboxEvent = { readonly kind: 'start'; readonly fromLine: string } | { readonly kind: 'octets'; readonly octets: Buffer };

const LF = 0x0a;
const CR = 0x0d;
const GREATER = 0x3e;
const FROM = Buffer.from('From ');
/** No From_ line is longer: what is, goes on as text. */
const LINE_BYTES_MAX = 64 * 1024;

export class MboxSplitter {
  /** What has not been looked at: the start of a line, and where the next line decides, that line too. */
  private held: Buffer = Buffer.alloc(0);
  /** An empty line before which all is told: if a message starts now, it is not part of the last one. */
  private emptyLine: Buffer | null = null;
  /** The line that is being read is longer than any that matters. */
  private isLongLine = false;
  private hasStarted = false;

  /** Takes the next octets. */
  *take(chunk: Buffer): Generator<MboxEvent> {
    yield* this.split(this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]), false);
  }

  /** Ends the file: its last line may have no line end. */
  *end(): Generator<MboxEvent> {
    yield* this.split(this.held, true);
  }

  private *split(octets: Buffer, isEnd: boolean): Generator<MboxEvent> {
    let told = 0; // What is before was told, or dropped.
    let at = 0;
    while (at < octets.length) {
      const lf = octets.indexOf(LF, at);
      if (lf === -1 && !isEnd) {
        if (octets.length - at < LINE_BYTES_MAX && !this.isLongLine) break;
        yield* this.keepEmptyLine(told === at);
        this.isLongLine = true;
        at = octets.length;
        break;
      }
      const next = lf === -1 ? octets.length : lf + 1;
      const isLineStart = !this.isLongLine;
      this.isLongLine = false;
      if (isLineStart) {
        const isFromLine = this.isFromLine(octets, at, next, isEnd);
        if (isFromLine === null) break;
        if (isFromLine) {
          yield* this.tell(octets.subarray(told, this.emptyLine ? Math.max(told, at - this.emptyLine.length) : at));
          this.emptyLine = null;
          this.hasStarted = true;
          yield { kind: 'start', fromLine: octets.toString('latin1', at, next).trimEnd() };
          told = next;
        } else {
          yield* this.keepEmptyLine(told === at);
          if (isEmptyLine(octets, at, next)) this.emptyLine = Buffer.from(octets.subarray(at, next));
          else if (isQuoted(octets, at, next)) {
            yield* this.tell(octets.subarray(told, at));
            told = at + 1;
          }
        }
      }
      at = next;
    }
    // An empty line at the end is held back: it is told with the next line, or dropped.
    const isHolding = this.emptyLine !== null && at - told >= this.emptyLine.length;
    yield* this.tell(octets.subarray(told, isHolding ? at - this.emptyLine!.length : at));
    this.held = isEnd ? Buffer.alloc(0) : Buffer.from(octets.subarray(at));
  }

  /** Null: the next line decides, and is not here yet. */
  private isFromLine(octets: Buffer, at: number, next: number, isEnd: boolean): boolean | null {
    if (this.hasStarted && this.emptyLine === null) return false;
    if (octets.compare(FROM, 0, FROM.length, at, Math.min(at + FROM.length, next)) !== 0) return false;
    if (!this.hasStarted || fromLineDateMs(octets.toString('latin1', at, next)) !== null) return true;
    // Some write no date that can be read: then a header must follow.
    const lf = octets.indexOf(LF, next);
    if (lf === -1 && !isEnd && octets.length - at < LINE_BYTES_MAX) return null;
    return /^[!-9;-~]+[ \t]*:/.test(octets.toString('latin1', next, Math.min(lf === -1 ? octets.length : lf, next + 1000)));
  }

  /** The empty line before was text after all. If it came with another chunk it was held back there. */
  private *keepEmptyLine(wasHeldBack: boolean): Generator<MboxEvent> {
    if (this.emptyLine && wasHeldBack) yield* this.tell(this.emptyLine);
    this.emptyLine = null;
  }

  private *tell(octets: Buffer): Generator<MboxEvent> {
    if (octets.length > 0 && this.hasStarted) yield { kind: 'octets', octets };
  }
}

function isEmptyLine(octets: Buffer, at: number, next: number): boolean {
  return octets[at] === LF || (next - at === 2 && octets[at] === CR && octets[at + 1] === LF);
}

function isQuoted(octets: Buffer, at: number, next: number): boolean {
  if (octets[at] !== GREATER) return false;
  let from = at;
  while (octets[from] === GREATER) from += 1;
  return octets.compare(FROM, 0, FROM.length, from, Math.min(from + FROM.length, next)) === 0;
}
