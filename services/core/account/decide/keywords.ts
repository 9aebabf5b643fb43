// From flag names to the account's numbers, learning new keywords on the way.
import { Refusal } from '../../runtime/errors';
import { limits } from '../../runtime/limits';
import type { AccountState } from '../account-state';
import { FIRST_KEYWORD, systemFlags, type FlagNumber } from '../flag';
import type { AccountRecord } from '../record';

export interface KnownFlags {
  /** Ascending, none twice. */
  readonly flags: readonly FlagNumber[];
  /** The fact that teaches the account the new ones, if there are any; it goes first in the change. */
  readonly learnt: readonly AccountRecord[];
}

/** Refuses with LIMIT when the dictionary is full, with CANNOT for \Recent and other names that no message can carry. */
export function knowFlags(state: AccountState, names: readonly string[]): KnownFlags {
  const numbers = flagNumbers(state);
  const flags = new Set<FlagNumber>();
  const added: string[] = [];
  for (const name of names) {
    let flag = numbers.get(name.toLowerCase());
    if (flag === undefined) {
      if (name.startsWith('\\')) throw new Refusal('CANNOT', `the flag ${name} cannot be set`);
      if (Buffer.byteLength(name) > limits.keywordBytes) throw new Refusal('LIMIT', `a keyword may have ${limits.keywordBytes} characters`);
      flag = FIRST_KEYWORD + state.keywords.length + added.length;
      if (flag >= FIRST_KEYWORD + limits.keywords) throw new Refusal('LIMIT', `an account may have ${limits.keywords} keywords`);
      added.push(name);
      numbers.set(name.toLowerCase(), flag);
    }
    flags.add(flag);
  }
  return {
    flags: [...flags].sort((a, b) => a - b),
    learnt: added.length > 0 ? [{ kind: 'keywordsAdded', names: added }] : [],
  };
}

/** Those of the flags that the account knows, ascending: no message has another, so there is nothing else to remove. */
export function knownAmong(state: AccountState, names: readonly string[]): FlagNumber[] {
  const numbers = flagNumbers(state);
  const flags = new Set(names.map((name) => numbers.get(name.toLowerCase())).filter((flag) => flag !== undefined));
  return [...flags].sort((a, b) => a - b);
}

/** By folded name: made once a command, so that long lists of flags stay cheap. */
function flagNumbers({ keywords }: AccountState): Map<string, FlagNumber> {
  return new Map([...systemFlags, ...keywords].map((name, flag) => [name.toLowerCase(), flag]));
}
