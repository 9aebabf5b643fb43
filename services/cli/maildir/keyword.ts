/** A keyword is an atom (RFC 3501 §9, flag-keyword). */
// eslint-disable-next-line no-control-regex
const KEYWORD = /^[^\x00-\x20\x7f-\uffff(){%*"\\\]]{1,64}$/;

export function isKeyword(word: string): boolean {
  return KEYWORD.test(word);
}
