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
    let now = state;
    for (let i = 0; i < text.length && !isDead(now); i += 1) now = this.step(now, this.literals.get(text.charCodeAt(i)), text.charCodeAt(i));
    return now;
  }

  /** The state after the first part of a name: INBOX is matched in any case (RFC 3501 §5.1). */
  afterFirst(part: string): PatternState {
    if (part !== INBOX) return this.after(this.start, part);
    let now = this.start;
    for (const char of INBOX) now = this.step(now, this.eitherCase(char), char.charCodeAt(0));
    return now;
  }

  /** Whether the whole pattern matches what was read. */
  accepts(state: PatternState): boolean {
    return (state[this.acceptBit >>> 5]! & (1 << (this.acceptBit & 31))) !== 0;
  }

  private step(state: PatternState, literal: PatternState | undefined, code: number): PatternState {
    const stay = code === SEPARATOR_CODE ? this.stars : this.wildcards;
    const next = this.noState();
    let carry = 0;
    for (let word = 0; word < this.wordCount; word += 1) {
      const moved = literal ? state[word]! & literal[word]! : 0;
      next[word] = (moved << 1) | carry | (state[word]! & stay[word]!);
      carry = moved >>> 31;
    }
    this.skipWildcards(next);
    return next;
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
