// command = keyword *(SP argument) (RFC 2449 §3). Bytes to values; no session.
import { BadCommand } from '../core/runtime/errors';

export interface CommandLine {
  /** Upper case. */
  readonly keyword: string;
  /** What follows the first space, as it came; null: there was none. */
  readonly argument: Buffer | null;
}

const SPACE = 0x20;

/** Never throws: what is no keyword is one that nobody knows. */
export function parseCommandLine(line: Buffer): CommandLine {
  const space = line.indexOf(SPACE);
  if (space === -1) return { keyword: line.toString('latin1').toUpperCase(), argument: null };
  return { keyword: line.toString('latin1', 0, space).toUpperCase(), argument: line.subarray(space + 1) };
}

/** The arguments, divided by spaces; those at the end do not count. Throws BadCommand if there are not `min` to `max`. */
export function wordsOf(argument: Buffer | null, min: number, max: number): string[] {
  const text = argument?.toString('latin1', 0, lengthWithoutSpaces(argument)) ?? '';
  const words = text === '' ? [] : text.split(' ', max + 1);
  if (words.length < min) throw new BadCommand(`expected ${min === 1 ? 'an argument' : `${min} arguments`}`);
  if (words.length > max) throw new BadCommand(max === 0 ? 'expected no argument' : 'too many arguments');
  return words;
}

/** Of what comes before the spaces at the end. No regular expression: ` +$` takes the square of a line that is nearly all spaces. */
function lengthWithoutSpaces(argument: Buffer): number {
  let { length } = argument;
  while (length > 0 && argument[length - 1] === SPACE) length -= 1;
  return length;
}

/** One argument in which spaces are text, as UTF-8: logins and passwords (RFC 1939 §7, PASS). Throws BadCommand if it is missing. */
export function textOf(argument: Buffer | null): string {
  if (argument === null || argument.length === 0) throw new BadCommand('expected an argument');
  return argument.toString('utf8');
}

/** A whole number; Infinity if it is above 2^53 − 1. Throws BadCommand. */
export function numberOf(word: string): number {
  if (!/^[0-9]+$/.test(word)) throw new BadCommand('expected a number');
  const number = Number(word);
  return Number.isSafeInteger(number) ? number : Infinity;
}
