// The letters of a Maildir file name that stand for flags: those that every program knows, and Dovecot's `a` to `z`, whose keywords
// the file `dovecot-keywords` of the folder names.

const NAMES: Readonly<Record<string, string>> = { S: '\\Seen', R: '\\Answered', F: '\\Flagged', T: '\\Deleted', D: '\\Draft', P: '$Forwarded' };
const LETTERS: ReadonlyMap<string, string> = new Map(Object.entries(NAMES).map(([letter, name]) => [name, letter]));
const FIRST_KEYWORD = 'a'.charCodeAt(0);

/** As many as there are letters. */
export const KEYWORD_LETTERS = 26;

/** `letters`: behind the `:2,` of a file name. What has no meaning is left out. */
export function flagsOfLetters(letters: string, keywords: ReadonlyMap<string, string>): string[] {
  const flags = letters.split('').map((letter) => NAMES[letter] ?? keywords.get(letter));
  return [...new Set(flags.filter((flag) => flag !== undefined))];
}

/** Ascending, as the format wants them. `keywords`: the folder's, in the order of their letters; those without one are left out. */
export function lettersOfFlags(flags: readonly string[], keywords: readonly string[]): string {
  const letters = flags.flatMap((flag) => {
    const index = keywords.indexOf(flag);
    return [LETTERS.get(flag) ?? '', index === -1 ? '' : keywordLetter(index)];
  });
  return letters.sort().join('');
}

/** The letter of the keyword that has this place in `dovecot-keywords`. */
export function keywordLetter(index: number): string {
  return String.fromCharCode(FIRST_KEYWORD + index);
}

/** Whether a letter that every program knows tells it: then it needs none of the folder's. */
export function hasOwnLetter(flag: string): boolean {
  return LETTERS.has(flag);
}
