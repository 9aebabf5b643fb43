// string, nstring and astring of RFC 3501 §9, from byte strings: one character, U+0000 to U+00FF, for each octet.
import type { ByteWriter } from '../../core/wire/byte-writer';

/** Longer strings go as literals: some clients read lines into fixed buffers. */
const QUOTED_BYTES_MAX = 1_000;
// QUOTED-CHAR without its escapes: any TEXT-CHAR but quoted-specials.
const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;
// TEXT-CHAR = <any CHAR except CR and LF>; other controls go as literals too, to be safe.
const MAY_BE_QUOTED = /^[ -~]*$/;
/** ASTRING-CHAR, but no `NIL`: clients take it for nothing. */
const ASTRING = /^(?!nil$)[!#$&'+-Z[\]^-z|}~]+$/i;

/** string = quoted / literal: quoted where possible. */
export function writeString(out: ByteWriter, text: string): void {
  if (text.length <= QUOTED_BYTES_MAX && MAY_BE_QUOTED.test(text)) writeQuoted(out, text);
  else writeLiteral(out, text);
}

/** nstring = string / nil */
export function writeNString(out: ByteWriter, text: string | null): void {
  if (text === null) out.ascii('NIL');
  else writeString(out, text);
}

/** astring = 1*ASTRING-CHAR / string */
export function writeAstring(out: ByteWriter, text: string): void {
  if (text.length <= QUOTED_BYTES_MAX && ASTRING.test(text)) out.ascii(text);
  else writeString(out, text);
}

/** The head of a literal; `sizeBytes` bytes without NUL must follow. */
export function writeLiteralStart(out: ByteWriter, sizeBytes: number): void {
  out.ascii('{').number(sizeBytes).ascii('}\r\n');
}

/** Writes what `writeItem` writes for each item, separated by spaces, in parentheses. */
export function writeList<T>(out: ByteWriter, items: Iterable<T>, writeItem: (item: T) => void): void {
  out.ascii('(');
  let isFirst = true;
  for (const item of items) {
    if (!isFirst) out.ascii(' ');
    isFirst = false;
    writeItem(item);
  }
  out.ascii(')');
}

/** quoted = DQUOTE *QUOTED-CHAR DQUOTE. `text` must be printable ASCII. */
function writeQuoted(out: ByteWriter, text: string): void {
  out.ascii('"').ascii(NEEDS_NO_ESCAPE.test(text) ? text : text.replace(/["\\]/g, '\\$&')).ascii('"');
}

/** literal = "{" number "}" CRLF *CHAR8. CHAR8 has no NUL: 0x80 stands for it, as in stored messages. */
function writeLiteral(out: ByteWriter, text: string): void {
  writeLiteralStart(out, text.length);
  out.ascii(text.includes('\0') ? text.replaceAll('\0', '\u0080') : text);
}
