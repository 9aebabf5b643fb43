// sequence-set = (seq-number / seq-range) ["," sequence-set] (RFC 3501 §9), as sorted, disjoint ranges. Nothing is ever expanded:
// `1:4294967295` costs as much as `1`.
import { BadCommand } from '../../core/runtime/errors';
import { isIn, SET } from './characters';
import type { Reader } from './reader';
import { lowerBound } from '../../core/runtime/lower-bound';

const STAR = Infinity;
const COLON = 0x3a;
const COMMA = 0x2c;
const ASTERISK = 0x2a;
const NUMBER_MAX = 0xffffffff;
/** Places below this keep their order beside a 32-bit number in one double. */
const PARTS_MAX = 2 ** 20;

export class SequenceSet {
  /** `bounds`: first, last, first, last …, ascending, with a gap between ranges; the last `last` may be STAR. */
  private constructor(private readonly bounds: readonly number[]) {}

  /** From the bounds of ranges in any order, the two of a range as well. STAR is a bound like any other. */
  static of(bounds: readonly number[]): SequenceSet {
    const firsts: number[] = [];
    const lasts: number[] = [];
    let starFrom: number | null = null;
    for (let i = 0; i < bounds.length; i += 2) {
      const first = Math.min(bounds[i]!, bounds[i + 1]!);
      const last = Math.max(bounds[i]!, bounds[i + 1]!);
      if (last === STAR) starFrom = Math.min(starFrom ?? STAR, first);
      else {
        firsts.push(first);
        lasts.push(last);
      }
    }
    const merged: number[] = [];
    for (const i of ascending(firsts)) {
      const end = merged.length - 1;
      if (end > 0 && firsts[i]! <= merged[end]! + 1) merged[end] = Math.max(merged[end]!, lasts[i]!);
      else merged.push(firsts[i]!, lasts[i]!);
    }
    if (starFrom !== null) {
      // `4:9,7:*` and `4:*` name the same messages, wherever `*` is.
      while (merged.length > 0 && merged[merged.length - 1]! >= starFrom - 1) {
        merged.pop();
        starFrom = Math.min(starFrom, merged.pop()!);
      }
      merged.push(starFrom, STAR);
    }
    return new SequenceSet(merged);
  }

  /** True if the set contains `*`, the largest number in use. */
  get hasStar(): boolean {
    return this.bounds[this.bounds.length - 1] === STAR;
  }

  /** The largest number that is written out; 0 if there is only `*`. */
  get largestNumber(): number {
    const end = this.bounds.length - 1;
    const largest = this.hasStar ? this.bounds[end - 1]! : this.bounds[end]!;
    return largest === STAR ? (this.bounds[end - 2] ?? 0) : largest;
  }

  /**
   * The [first, last] pairs of the set, ascending and disjoint, cut to 1…`largest`; `*` is `largest`, the highest number in
   * use, so `9:*` is `5:9` cut to 5 when that is 5 (RFC 3501 §6.4.8). Nothing at all if `largest` is 0.
   */
  *within(largest: number): Generator<readonly [number, number]> {
    if (largest === 0) return;
    // Up to here: `*` may name again what a range before it has named.
    let told = 0;
    for (let i = 0; i < this.bounds.length; i += 2) {
      const first = Math.max(Math.min(this.bounds[i]!, this.bounds[i + 1] === STAR ? largest : STAR), told + 1);
      const last = Math.min(this.bounds[i + 1]!, largest);
      if (first > last) continue;
      yield [first, last];
      told = last;
    }
  }

  /** Whether `value` is in the set when `*` is `largest`. */
  has(value: number, largest: number): boolean {
    if (value > largest || value < 1) return false;
    if (this.hasStar && value >= Math.min(this.bounds[this.bounds.length - 2]!, largest)) return true;
    const at = 2 * lowerBound(this.bounds.length / 2, (i) => this.bounds[2 * i + 1]! < value);
    return at < this.bounds.length && this.bounds[at]! <= value;
  }

  toString(): string {
    const parts: string[] = [];
    for (let i = 0; i < this.bounds.length; i += 2) {
      const [first, last] = [this.bounds[i]!, this.bounds[i + 1]!];
      parts.push(first === last ? textOf(first) : `${first}:${textOf(last)}`);
    }
    return parts.join(',');
  }
}

/** Throws BadCommand. */
export function readSequenceSet(reader: Reader): SequenceSet {
  const bytes = reader.takeRun(SET);
  if (bytes.length === 0) throw new BadCommand('expected a set of message numbers');
  const bounds: number[] = [];
  for (let at = 0; at <= bytes.length; at++) {
    if (bounds.length === PARTS_MAX * 2) throw new BadCommand('the set of message numbers is too long');
    at = readBound(bytes, at, bounds);
    // seq-range = seq-number ":" seq-number
    if (bytes[at] === COLON) at = readBound(bytes, at + 1, bounds);
    else bounds.push(bounds[bounds.length - 1]!);
    if (at < bytes.length && bytes[at] !== COMMA) throw new BadCommand('expected "," in the set of message numbers');
  }
  return SequenceSet.of(bounds);
}

/** A set without `*`, such as the known UIDs of QRESYNC (RFC 7162 §3.2.5.1). */
export function readStarlessSet(reader: Reader): SequenceSet {
  const set = readSequenceSet(reader);
  if (set.hasStar) throw new BadCommand('"*" is not allowed in this set');
  return set;
}

/** True if a sequence set may start at the cursor. */
export function startsSequenceSet(reader: Reader): boolean {
  return isIn(SET, reader.peek);
}

/** seq-number = nz-number / "*". Appends it and answers where it ended. */
function readBound(bytes: Buffer, start: number, bounds: number[]): number {
  if (bytes[start] === ASTERISK) {
    bounds.push(STAR);
    return start + 1;
  }
  let value = 0;
  let at = start;
  for (; at < bytes.length; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > NUMBER_MAX) throw new BadCommand('a message number is too large');
  }
  if (value === 0) throw new BadCommand(at === start ? 'expected a message number' : 'a message number must not be 0');
  bounds.push(value);
  return at;
}

function textOf(bound: number): string {
  return bound === STAR ? '*' : String(bound);
}

/** The indexes of `values` in ascending order of value. A typed sort of one double each: no comparator is called. */
function ascending(values: readonly number[]): Iterable<number> {
  if (values.every((value, i) => i === 0 || values[i - 1]! <= value)) return values.keys();
  return Float64Array.from(values, (value, i) => value * PARTS_MAX + i).sort().map((key) => key % PARTS_MAX);
}
