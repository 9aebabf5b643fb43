import type { Random } from '../core/runtime/random';

/** Without what is mistaken for something else when it is read aloud or typed. 32 letters: each octet gives five even bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const GROUP_LETTERS = 5;

/** 100 random bits, such as `k3v9x-…`: four groups of five. */
export function randomPassword(random: Random): string {
  const letters = [...random.bytes(GROUPS * GROUP_LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]!);
  return Array.from({ length: GROUPS }, (_, group) => letters.slice(group * GROUP_LETTERS, (group + 1) * GROUP_LETTERS).join('')).join('-');
}
