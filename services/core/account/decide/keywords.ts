// From flag names to the account's numbers, learning new keywords on the way.
import { Refusal } from '../../runtime/errors';
import { limits } from '../../runtime/limits';
import type { AccountState } from '../account-state';
import { FIRST_KEYWORD, flagNumber, type FlagNumber } from '../flag';
import type { AccountRecord } from '../record';

export interface KnownFlags {
  /** Ascending, none twice. */
  readonly flags: readonly FlagNumber[];
  /** The fact that teaches the account the new ones, if there are any; it goes first in the change. */
  readonly learnt: readonly AccountRecord[];
}

/** Refuses with LIMIT when the dictionary is full, with CANNOT for \Recent and other names that no message can carry. */
export function knowFlags(state: AccountState, names: readonly string[]): KnownFlags {
  const flags = new Set<FlagNumber>();
  const added: string[] = [];
  for (const name of names) {
    let flag = flagNumber(name, [...state.keywords, ...added]);
    if (flag === null) {
      if (name.startsWith('\\')) throw new Refusal('CANNOT', `the flag ${name} cannot be set`);
      if (Buffer.byteLength(name) > limits.keywordBytes) throw new Refusal('LIMIT', `a keyword may have ${limits.keywordBytes} characters`);
      flag = FIRST_KEYWORD + state.keywords.length + added.length;
      if (flag >= FIRST_KEYWORD + limits.keywords) throw new Refusal('LIMIT', `an account may have ${limits.keywords} keywords`);
      added.push(name);
    }
    flags.add(flag);
  }
  return {
    flags: [...flags].sort((a, b) => a - b),
    learnt: added.length > 0 ? [{ kind: 'keywordsAdded', names: added }] : [],
  };
}
