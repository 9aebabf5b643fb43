// All randomness of a simulation: one seed, and a stream of its own for each who draws, so that one does not shift the others.
import { createHash } from 'node:crypto';
import type { Random } from '../../services/core/runtime/random';

export class SimRandom implements Random {
  private readonly words: Uint32Array;

  constructor(private readonly path: string) {
    const digest = createHash('sha256').update(path).digest();
    this.words = Uint32Array.from({ length: 4 }, (_, i) => digest.readUInt32LE(i * 4));
  }

  /** A stream that depends on the seed and on `name`, not on what was drawn here. */
  fork(name: string): SimRandom {
    return new SimRandom(`${this.path}/${name}`);
  }

  /** sfc32: Chris Doty-Humphrey's small fast counter. */
  private next(): number {
    const [a, b, c, d] = this.words as unknown as [number, number, number, number];
    const sum = (a + b + d) | 0;
    this.words[3] = d + 1;
    this.words[0] = b ^ (b >>> 9);
    this.words[1] = c + (c << 3);
    this.words[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.next() >>> 24);
  }

  fraction(): number {
    return this.next() / 2 ** 32;
  }

  /** True in `chance` of the calls. */
  happens(chance: number): boolean {
    return this.fraction() < chance;
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  between(min: number, max: number): number {
    return min + this.fraction() * (max - min);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Partial<Record<Name, number>>>): Name {
    const entries = Object.entries(weights) as [Name, number][];
    let drawn = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      if (drawn < weight) return name;
      drawn -= weight;
    }
    return entries[0]![0];
  }
}
