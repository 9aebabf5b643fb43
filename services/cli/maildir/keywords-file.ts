// Dovecot's `dovecot-keywords`: which keyword a folder means by each of the letters `a` to `z`. Lines such as `0 $Forwarded`.
import { KEYWORD_LETTERS, keywordLetter } from './flag-letters';
import { isKeyword } from './keyword';
import { sideFileLines } from './side-file';

export const KEYWORDS = 'dovecot-keywords';

/** By letter. */
export async function readKeywords(path: string): Promise<Map<string, string>> {
  const keywords = new Map<string, string>();
  for await (const line of sideFileLines(path)) {
    const [, index, word] = /^(\d{1,2}) (\S+)$/.exec(line ?? '') ?? [];
    if (word !== undefined && Number(index) < KEYWORD_LETTERS && isKeyword(word)) keywords.set(keywordLetter(Number(index)), word);
  }
  return keywords;
}

export function keywordsFile(keywords: readonly string[]): string {
  return keywords.map((word, index) => `${index} ${word}\n`).join('');
}
