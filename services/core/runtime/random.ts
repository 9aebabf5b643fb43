// Randomness comes in through this port, so that one seed can drive a whole simulation.
import { randomFillSync } from 'node:crypto';

export interface Random {
  /** `count` random bytes, fit for ids and tokens. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1), for jitter. */
  fraction(): number;
}

/** `byteCount` random bytes as lower-case hex. */
export function randomHex(random: Random, byteCount: number): string {
  return Buffer.from(random.bytes(byteCount)).toString('hex');
}

export const systemRandom: Random = {
  bytes: (count) => randomFillSync(new Uint8Array(count)),
  fraction: () => randomFillSync(new Uint32Array(1))[0]! / 2 ** 32,
};
