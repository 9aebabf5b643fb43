// Which keywords of a mailbox get one of the 26 letters that a Maildir folder has for them.
import { flagName, FIRST_KEYWORD } from '../../core/account/flag';
import type { Mailbox } from '../../core/account/mailbox';
import { hasOwnLetter, KEYWORD_LETTERS } from '../maildir/flag-letters';

export interface FolderKeywords {
  /** In the order of their letters. */
  readonly lettered: readonly string[];
  /** Those for which there was no letter left, and that have none of their own. */
  readonly rest: ReadonlySet<string>;
}

/** The most used get letters. */
export function keywordsOf(mailbox: Mailbox, dictionary: readonly string[]): FolderKeywords {
  const uses = new Map<number, number>();
  for (const chunk of mailbox.chunks) {
    for (let i = 0; i < chunk.length; i += 1) for (const flag of chunk.flagsAt(i)) if (flag >= FIRST_KEYWORD) uses.set(flag, (uses.get(flag) ?? 0) + 1);
  }
  const ranked = [...uses].map(([flag, count]) => ({ flag, count, name: flagName(flag, dictionary) }));
  ranked.sort((a, b) => b.count - a.count || a.flag - b.flag);
  const names = ranked.map(({ name }) => name);
  return { lettered: names.slice(0, KEYWORD_LETTERS), rest: new Set(names.slice(KEYWORD_LETTERS).filter((name) => !hasOwnLetter(name))) };
}
