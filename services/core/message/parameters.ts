// Structured fields of MIME: `value; name=value; …` (RFC 2045 §5.1, RFC 2183) with RFC 2231 continuations.
// Linear and tolerant: what cannot be read is skipped.
import { decodeCharset } from './charset';
import { decodeEncodedWords } from './encoded-word';
import { lowerCase, trimWhite } from './header';
import type { Parameter } from './mime-part';

export interface StructuredValue {
  /** What stands before the first `;`, without comments. */
  readonly value: string;
  readonly params: readonly Parameter[];
}

const isWhite = (char: string | undefined): boolean => char === ' ' || char === '\t';
const opensComment = (before: string | undefined): boolean => before === undefined || before === ';' || isWhite(before);

/** A cursor over one unfolded value. */
class ValueReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(): string | undefined {
    return this.text[this.at];
  }

  skipOne(): void {
    this.at++;
  }

  /** Characters up to one of `stops`. A `(` behind white space or `;` opens a comment, elsewhere it is text: `name=a(1).pdf`. */
  readUntil(stops: string): string {
    let text = '';
    let start = this.at;
    while (!this.isAtEnd && !stops.includes(this.peek()!)) {
      if (this.peek() === '(' && opensComment(this.text[this.at - 1])) {
        text += this.text.slice(start, this.at);
        this.skipComment();
        start = this.at;
      } else {
        this.at++;
      }
    }
    return trimWhite(text + this.text.slice(start, this.at));
  }

  /** The value that starts at a `"`; without closing quote it takes the rest. */
  readQuoted(): string {
    let text = '';
    let start = ++this.at;
    while (!this.isAtEnd && this.peek() !== '"') {
      if (this.peek() === '\\' && this.at + 1 < this.text.length) {
        text += this.text.slice(start, this.at);
        start = this.at + 1;
        this.at++;
      }
      this.at++;
    }
    text += this.text.slice(start, this.at);
    this.at++;
    return text;
  }

  skipWhite(): void {
    while (isWhite(this.peek())) this.at++;
  }

  private skipComment(): void {
    for (let depth = 0; !this.isAtEnd; this.at++) {
      if (this.peek() === '\\') this.at++;
      else if (this.peek() === '(') depth++;
      else if (this.peek() === ')' && --depth === 0) break;
    }
    this.at++;
  }
}

/** A plain value as it would stand in an extended one (RFC 2231 §4.1 lets segments of both kinds follow each other). */
function percentEncode(value: string): string {
  return value.replace(/[^A-Za-z0-9._-]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

interface Segment {
  readonly value: string;
  readonly isExtended: boolean;
  /** Which of the parameters it is. */
  readonly place: number;
}

function joinSegments(base: string, segments: readonly Segment[]): Parameter {
  if (segments.every((segment) => !segment.isExtended)) return [base, segments.map((segment) => segment.value).join('')];
  const prefix = segments[0]!.isExtended ? '' : "''";
  return [`${base}*`, prefix + segments.map(({ value, isExtended }) => (isExtended ? value : percentEncode(value))).join('')];
}

/** `name*0`, `name*1*`, … by name and number; of two with one number the first. */
function segmentsOf(params: readonly Parameter[]): ReadonlyMap<string, ReadonlyMap<number, Segment>> {
  const families = new Map<string, Map<number, Segment>>();
  for (const [place, [name, value]] of params.entries()) {
    const match = /^([^*]+)\*(0|[1-9]\d{0,4})(\*?)$/.exec(name);
    if (match === null) continue;
    const family = families.get(match[1]!) ?? new Map<number, Segment>();
    families.set(match[1]!, family);
    if (!family.has(Number(match[2]))) family.set(Number(match[2]), { value, isExtended: match[3] === '*', place });
  }
  return families;
}

/**
 * Joins `name*0=…; name*1*=…` in whatever order they came (RFC 2231 §3; §6 asks IMAP servers to do so). The joined
 * parameter stands where the first of its segments stood. Segments that do not belong, such as those behind a gap, stay as
 * they are, as in Cyrus: nothing is lost.
 */
function joinContinuations(params: readonly Parameter[]): Parameter[] {
  const result: (Parameter | null)[] = [...params];
  for (const [base, family] of segmentsOf(params)) {
    const run: Segment[] = [];
    for (let segment = family.get(0); segment !== undefined; segment = family.get(run.length)) run.push(segment);
    if (run.length === 0) continue;
    for (const { place } of run) result[place] = null;
    result[run.reduce((first, { place }) => Math.min(first, place), params.length)] = joinSegments(base, run);
  }
  return result.filter((param) => param !== null);
}

/** Reads an unfolded value, a byte string; names come back in lower case. Never throws. */
export function parseStructured(text: string): StructuredValue {
  const reader = new ValueReader(text);
  const value = reader.readUntil(';');
  const params: Parameter[] = [];
  while (!reader.isAtEnd) {
    if (reader.peek() === ';' || isWhite(reader.peek())) {
      reader.skipOne();
      continue;
    }
    const name = lowerCase(reader.readUntil('=;'));
    if (reader.peek() !== '=') continue;
    reader.skipOne();
    reader.skipWhite();
    // Behind a closing quote the next parameter may follow without its `;`.
    const paramValue = reader.peek() === '"' ? reader.readQuoted() : reader.readUntil(';');
    if (name !== '') params.push([name, paramValue]);
  }
  return { value, params: joinContinuations(params) };
}

/** The value of the first parameter with this lower-case name, raw; null if there is none. */
export function parameter(params: readonly Parameter[], name: string): string | null {
  return params.find(([candidate]) => candidate === name)?.[1] ?? null;
}

/** Every parameter's value as text: extended values decoded (RFC 2231 §4), encoded words too, which §5 of RFC 2047 forbids here. */
export function* parameterTexts(params: readonly Parameter[]): Generator<string> {
  for (const [name, value] of params) {
    const match = name.endsWith('*') ? /^([^']*)'[^']*'([^]*)$/.exec(value) : null;
    if (match === null) {
      yield decodeEncodedWords(value);
    } else {
      const octets = match[2]!.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
      yield decodeCharset(Buffer.from(octets, 'latin1'), match[1]!);
    }
  }
}
