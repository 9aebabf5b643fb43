// The patterns of LIST and LSUB (RFC 3501 §6.3.8): `*` stands for anything, `%` for anything without the separator. All states that a
// pattern can be in are followed at once, one bit each, so no pattern makes matching slow.
import { SEPARATOR } from '../core/account/folder-tree';

const SEPARATOR_CODE = SEPARATOR.charCodeAt(0);
const INBOX = 'INBOX';
const WORD_BITS = 32;

/** Where in a pattern a name can be: bit i says that the first i tokens match what was read. */
export type PatternState = Uint32Array;

export class ListPattern {
  /** Before the first character. */
  private readonly start: PatternState;
  private readonly wordCount: number;
  private readonly acceptBit: number;
  /** Bits from which a character leads back to the same bit: those before `*`, and before either wildcard. */
  private readonly stars: PatternState;
  private readonly wildcards: PatternState;
  private readonly literals = new Map<number, PatternState>();

  constructor(pattern: string) {
    // A run of wildcards is one of them; there are then never two in a row.
    const tokens = pattern.replace(/[*%]*\*[*%]*/g, '*').replace(/%+/g, '%');
    this.acceptBit = tokens.length;
    this.wordCount = Math.floor(tokens.length / WORD_BITS) + 1;
    this.stars = this.noState();
    this.wildcards = this.noState();
    for (let bit = 0; bit < tokens.length; bit += 1) {
      const token = tokens[bit]!;
      if (token === '*') setBit(this.stars, bit);
      if (token === '*' || token === '%') setBit(this.wildcards, bit);
      else setBit(this.bitsOf(tokens.charCodeAt(bit)), bit);
    }
    this.start = this.noState();
    setBit(this.start, 0);
    this.skipWildcards(this.start);
  }

  /** The state after one more piece of a name, which is not its first part. */
  after(state: PatternState, text: string): PatternState {
    let now: PatternState = state.slice();
    let next: PatternState = this.noState();
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (!this.step(now, this.literals.get(code), code, next)) return next;
      [now, next] = [next, now];
    }
    return now;
  }

  /** The state after the first part of a name: INBOX is matched in any case (RFC 3501 §5.1). */
  afterFirst(part: string): PatternState {
    if (part !== INBOX) return this.after(this.start, part);
    let now = this.start;
    for (const char of INBOX) {
      const next = this.noState();
      this.step(now, this.eitherCase(char), char.charCodeAt(0), next);
      now = next;
    }
    return now;
  }

  /** Whether the whole pattern matches what was read. */
  accepts(state: PatternState): boolean {
    return (state[this.acceptBit >>> 5]! & (1 << (this.acceptBit & 31))) !== 0;
  }

  /** Writes into `next` where one character leads; `literal` are the bits that it moves on. False if that is nowhere. */
  private step(state: PatternState, literal: PatternState | undefined, code: number, next: PatternState): boolean {
    const stay = code === SEPARATOR_CODE ? this.stars : this.wildcards;
    let carry = 0;
    let any = 0;
    for (let word = 0; word < this.wordCount; word += 1) {
      const moved = literal ? state[word]! & literal[word]! : 0;
      const bits = (moved << 1) | carry | (state[word]! & stay[word]!);
      next[word] = bits;
      any |= bits;
      carry = moved >>> 31;
    }
    if (any === 0) return false;
    this.skipWildcards(next);
    return true;
  }

  /** A wildcard may stand for nothing. */
  private skipWildcards(state: PatternState): void {
    let carry = 0;
    for (let word = 0; word < this.wordCount; word += 1) {
      const skipped = state[word]! & this.wildcards[word]!;
      state[word] = state[word]! | (skipped << 1) | carry;
      carry = skipped >>> 31;
    }
  }

  private eitherCase(upper: string): PatternState {
    const either = this.noState();
    for (const char of [upper, upper.toLowerCase()]) {
      const bits = this.literals.get(char.charCodeAt(0)) ?? either;
      for (let word = 0; word < this.wordCount; word += 1) either[word] = either[word]! | bits[word]!;
    }
    return either;
  }

  private bitsOf(code: number): PatternState {
    const known = this.literals.get(code) ?? this.noState();
    this.literals.set(code, known);
    return known;
  }

  private noState(): PatternState {
    return new Uint32Array(this.wordCount);
  }
}

/** Nothing that follows can match any more. */
export function isDead(state: PatternState): boolean {
  return state.every((word) => word === 0);
}

function setBit(state: PatternState, bit: number): void {
  state[bit >>> 5] = state[bit >>> 5]! | (1 << (bit & 31));
}
