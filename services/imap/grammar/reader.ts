// A cursor over the segments of one complete command. `tryX` reads X or stays where it is and answers null (false);
// `readX` reads X or throws BadCommand with a text that names what was expected. Texts never quote the client's bytes.
import { isUtf8 } from 'node:buffer';
import { BadCommand } from '../../core/runtime/errors';
import { ASTRING, ATOM, DIGIT, isIn } from './characters';

/** One piece of a command: a line without its line end and literal announcement, or the whole of a literal. */
export type Segment =
  | { readonly kind: 'line'; readonly bytes: Buffer }
  | { readonly kind: 'literal'; readonly bytes: Buffer; /** It was announced as `~{n}`. */ readonly binary?: boolean };

const EMPTY: Buffer = Buffer.alloc(0);
const SP = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUL = 0;
const CR = 0x0d;
const LF = 0x0a;

/** RFC 7162 §7: mod-sequences have 63 bits on the wire. */
const MOD_SEQ_MAX = 2n ** 63n - 1n;

export class Reader {
  readonly #segments: readonly Segment[];
  #segmentIndex = 0;
  /** The line under the cursor. */
  #line: Buffer = EMPTY;
  #at = 0;

  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
    this.#enterLine(0);
  }

  /** The byte under the cursor; undefined at a literal and at the end of the command. */
  get peek(): number | undefined {
    return this.#line[this.#at];
  }

  /** True if nothing is left, or only spaces. */
  get isAtEnd(): boolean {
    if (this.#segmentIndex + 1 < this.#segments.length) return false;
    for (let at = this.#at; at < this.#line.length; at++) if (this.#line[at] !== SP) return false;
    return true;
  }

  /** True at the very end of the last line: where a literal that is not among the segments would come. */
  get isAtLastByte(): boolean {
    return this.#segmentIndex + 1 >= this.#segments.length && this.#at === this.#line.length;
  }

  /** The end of the command. A trailing space is forgiven: clients of all ages send one. */
  readEnd(): void {
    if (!this.isAtEnd) throw new BadCommand('expected the end of the command');
  }

  /** Whether this character is next. */
  isAt(char: string): boolean {
    return this.#line[this.#at] === char.charCodeAt(0);
  }

  tryChar(char: string): boolean {
    if (!this.isAt(char)) return false;
    this.#at++;
    return true;
  }

  readChar(char: string): void {
    if (!this.tryChar(char)) throw new BadCommand(`expected "${char}"`);
  }

  /** Reads `()`. */
  tryEmptyList(): boolean {
    if (!this.isAt('(') || this.#line[this.#at + 1] !== 0x29) return false;
    this.#at += 2;
    return true;
  }

  /** SP = one space, no more. */
  readSpace(before: string): void {
    if (this.#segmentIndex + 1 < this.#segments.length && this.#at === this.#line.length) throw new BadCommand('expected a space before the literal');
    if (this.isAtEnd) throw new BadCommand(`expected ${before}`);
    if (!this.tryChar(' ')) throw new BadCommand(`expected a space and ${before}`);
  }

  /** SP and more arguments; false at the end of the command. */
  tryMore(what: string): boolean {
    if (this.isAtEnd) return false;
    this.readSpace(what);
    return true;
  }

  /** The longest run of bytes of a class; empty if there is none. */
  takeRun(charClass: number): Buffer {
    const start = this.#at;
    while (isIn(charClass, this.#line[this.#at])) this.#at++;
    return this.#line.subarray(start, this.#at);
  }

  /** atom = 1*ATOM-CHAR */
  readAtom(what: string): string {
    return this.readRun(ATOM, what);
  }

  /** One or more bytes of a class, as ASCII. */
  readRun(charClass: number, what: string): string {
    const run = this.takeRun(charClass);
    if (run.length === 0) throw new BadCommand(`expected ${what}`);
    return run.toString('latin1');
  }

  /** An atom in upper case, for words that the grammar knows. */
  readWord(what: string): string {
    return this.readAtom(what).toUpperCase();
  }

  /** Reads exactly this word, in any case, if it is the next whole atom. */
  tryWord(word: string): boolean {
    const end = this.#at + word.length;
    return !isIn(ATOM, this.#line[end]) && this.tryText(word);
  }

  /** Reads exactly this ASCII text, in any case. */
  tryText(text: string): boolean {
    const end = this.#at + text.length;
    if (this.#line.toString('latin1', this.#at, end).toUpperCase() !== text) return false;
    this.#at = end;
    return true;
  }

  /** string = quoted / literal */
  tryString(): Buffer | null {
    if (this.peek === QUOTE) return this.#readQuoted();
    const next = this.#segments[this.#segmentIndex + 1];
    if (this.#at < this.#line.length || next?.kind !== 'literal') return null;
    if (next.binary === true) throw new BadCommand('literal8 is not allowed here');
    // CHAR8 = %x01-ff
    if (next.bytes.includes(NUL)) throw new BadCommand('a literal must not contain NUL');
    this.#enterLine(this.#segmentIndex + 2);
    return next.bytes;
  }

  readString(what: string): Buffer {
    const value = this.tryString();
    if (value === null) throw new BadCommand(`expected ${what} as a string`);
    return value;
  }

  /** nstring = string / nil */
  readNString(what: string): Buffer | null {
    return this.tryWord('NIL') ? null : this.readString(what);
  }

  /** astring = 1*ASTRING-CHAR / string; `charClass` widens what needs no quotes. */
  readAstring(what: string, charClass = ASTRING): Buffer {
    const value = this.tryString();
    if (value !== null) return value;
    const run = this.takeRun(charClass);
    if (run.length === 0) throw new BadCommand(`expected ${what}`);
    return run;
  }

  /** number = 1*DIGIT, 0 ≤ n < 4,294,967,296 */
  readNumber(what: string): number {
    const value = this.#readDigits(what);
    if (value > 0xffffffffn) throw new BadCommand(`${what} is too large`);
    return Number(value);
  }

  /** nz-number = digit-nz *DIGIT, 0 < n < 4,294,967,296 */
  readNzNumber(what: string): number {
    const value = this.readNumber(what);
    if (value === 0) throw new BadCommand(`${what} must not be 0`);
    return value;
  }

  /**
   * A number of up to 63 bits, brought down to 2^53 − 1, which is above every number that this server issues.
   * number64 of RFC 9051, mod-sequence-valzer of RFC 7162 §7.
   */
  readNumber63(what: string): number {
    const value = this.#readDigits(what);
    if (value > MOD_SEQ_MAX) throw new BadCommand(`${what} is too large`);
    return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  }

  #readDigits(what: string): bigint {
    const digits = this.takeRun(DIGIT);
    if (digits.length === 0) throw new BadCommand(`expected ${what} as a number`);
    // BigInt() is quadratic in the number of digits; nothing with more than 20 can be small enough.
    if (digits.length > 20) throw new BadCommand(`${what} is too large`);
    return BigInt(digits.toString('latin1'));
  }

  /**
   * quoted = DQUOTE *QUOTED-CHAR DQUOTE. Bytes above 0x7F are let through, as many clients send them; a backslash may
   * stand before any character.
   */
  #readQuoted(): Buffer {
    const line = this.#line;
    const start = this.#at + 1;
    let escapes = 0;
    let at = start;
    for (; line[at] !== QUOTE; at++) {
      if (line[at] === BACKSLASH) {
        escapes++;
        at++;
      }
      const byte = line[at];
      if (byte === undefined) throw new BadCommand('expected the closing quote of a string');
      if (byte === NUL || byte === CR || byte === LF) throw new BadCommand('a quoted string must not contain NUL, CR or LF');
    }
    this.#at = at + 1;
    return escapes === 0 ? line.subarray(start, at) : unescaped(line.subarray(start, at), escapes);
  }

  #enterLine(index: number): void {
    const segment = this.#segments[index];
    if (segment !== undefined && segment.kind !== 'line') throw new Error('two literals without a line between them');
    this.#segmentIndex = index;
    this.#line = segment?.bytes ?? EMPTY;
    this.#at = 0;
  }
}

function unescaped(quoted: Buffer, escapes: number): Buffer {
  const bytes = Buffer.allocUnsafe(quoted.length - escapes);
  let length = 0;
  for (let at = 0; at < quoted.length; at++) {
    if (quoted[at] === BACKSLASH) at++;
    bytes[length++] = quoted[at]!;
  }
  return bytes;
}

/** Reads what `readItem` reads, in parentheses and separated by spaces; at least one. */
export function readList<T>(reader: Reader, what: string, readItem: () => T): T[] {
  reader.readChar('(');
  const items = [readItem()];
  while (reader.tryChar(' ')) items.push(readItem());
  if (!reader.tryChar(')')) throw new BadCommand(`expected a space and ${what}, or ")"`);
  return items;
}

/** The text of bytes that should be UTF-8; null if they are not. */
export function utf8OrNull(bytes: Buffer): string | null {
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}

/** The text of a string argument. Throws BadCommand if it is not UTF-8. */
export function readUtf8(bytes: Buffer, what: string): string {
  const text = utf8OrNull(bytes);
  if (text === null) throw new BadCommand(`${what} is not UTF-8`);
  return text;
}
