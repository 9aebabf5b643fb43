import type { Random } from '../../../../services/core/runtime/random';

/** Numbers that a seed decides (xorshift32, mixed). */
export function seededRandom(seed: number): Random {
  let state = (Math.imul(seed, 2_654_435_761) ^ 0x9e3779b9) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    bytes: (count) => Uint8Array.from({ length: count }, () => next() >>> 24),
    fraction: () => next() / 2 ** 32,
  };
}
