// The character classes of RFC 3501 §9, as one table of bits.

export const ATOM = 1;
/** ASTRING-CHAR = ATOM-CHAR / resp-specials */
export const ASTRING = 2;
/** list-char = ATOM-CHAR / list-wildcards / resp-specials */
export const LIST = 4;
/** tag = 1*<any ASTRING-CHAR except "+"> */
export const TAG = 8;
export const DIGIT = 16;
/** What sequence sets are made of: digits, `:`, `,` and `*`. */
export const SET = 32;
/** Header field names: RFC 5322 §3.6.8 ftext. */
export const FIELD_NAME = 64;
/** Names of FETCH items and sections; an atom would take the `[` too. */
export const ITEM_NAME = 128;
/** base64 and the "=" that stands for nothing. */
export const SASL = 256;
/** RFC 8474 §7: objectid. */
export const OBJECT_ID = 512;

const table = new Uint16Array(256);
for (let code = 0x21; code < 0x7f; code++) {
  const char = String.fromCharCode(code);
  let bits = 0;
  // atom-specials = "(" / ")" / "{" / SP / CTL / list-wildcards / quoted-specials / resp-specials
  if (!'(){%*"\\]'.includes(char)) bits |= ATOM | ASTRING | LIST | TAG;
  if (char === ']') bits |= ASTRING | LIST | TAG;
  if (char === '%' || char === '*') bits |= LIST;
  if (char === '+') bits &= ~TAG;
  if (char >= '0' && char <= '9') bits |= DIGIT | SET;
  if (':,*'.includes(char)) bits |= SET;
  if (char !== ':') bits |= FIELD_NAME;
  if (/[A-Za-z0-9.]/.test(char)) bits |= ITEM_NAME;
  if (/[A-Za-z0-9+/=]/.test(char)) bits |= SASL;
  if (/[A-Za-z0-9_-]/.test(char)) bits |= OBJECT_ID;
  table[code] = bits;
}

/** Whether `byte` belongs to a class; false for undefined, the end of a line. */
export function isIn(charClass: number, byte: number | undefined): boolean {
  return byte !== undefined && (table[byte]! & charClass) !== 0;
}
