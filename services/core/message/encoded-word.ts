// Encoded words (RFC 2047, language tags of RFC 2231 §5) in an unfolded value, decoded. Linear, never throws.
import { decodeCharset } from './charset';
import { decodeBase64, hexValue } from './transfer-encoding';

interface EncodedWord {
  readonly charset: string;
  readonly octets: Uint8Array;
  /** Behind the word. */
  readonly end: number;
}

// Anchored where a `=?` was found. A charset is cut off at 64 characters so that a row of `=?` stays linear.
const WORD_START = /=\?([^?*\s]{1,64})(?:\*[^?\s]{0,64})?\?([bq])\?/iy;

/** The Q encoding (RFC 2047 §4.2): quoted-printable in which `_` is a space. */
function decodeQ(text: string): Uint8Array {
  const input = Buffer.from(text, 'latin1');
  const output = new Uint8Array(input.length);
  let used = 0;
  for (let at = 0; at < input.length; at++) {
    const byte = input[at]!;
    const high = byte === 0x3d ? hexValue(input[at + 1]) : -1;
    const low = high >= 0 ? hexValue(input[at + 2]) : -1;
    if (low >= 0) {
      output[used++] = high * 16 + low;
      at += 2;
    } else {
      output[used++] = byte === 0x5f ? 0x20 : byte;
    }
  }
  return output.subarray(0, used);
}

/** Finds the encoded words of one value, from its start to its end. */
class WordFinder {
  /** The first `?=` at or behind where the search last went; -1: there is none any more. */
  private nextEnd = 0;

  constructor(private readonly text: string) {}

  /** The word that starts with the `=?` at `start`; null if it is none. Spaces inside are taken, as many mailers write them. */
  wordAt(start: number): EncodedWord | null {
    WORD_START.lastIndex = start;
    const match = WORD_START.exec(this.text);
    if (match === null) return null;
    const textStart = WORD_START.lastIndex;
    if (this.nextEnd !== -1 && this.nextEnd < textStart) this.nextEnd = this.text.indexOf('?=', textStart);
    if (this.nextEnd === -1) return null;
    const encoded = this.text.slice(textStart, this.nextEnd);
    // Another word starts before this one ends: this one was cut off. (`==` padding before `?=` looks like `=?`, hence the slice.)
    const other = this.text.indexOf('=?', textStart);
    if (other !== -1 && other < this.nextEnd - 1) return null;
    const octets = match[2]!.toLowerCase() === 'b' ? decodeBase64(Buffer.from(encoded, 'latin1')) : decodeQ(encoded);
    return { charset: match[1]!.toLowerCase(), octets, end: this.nextEnd + 2 };
  }
}

// A decoder costs more than most fields are long, and there may be a quarter of a million of them.
const plainText = (text: string): string => (/[\x80-\xff]/.test(text) ? decodeCharset(Buffer.from(text, 'latin1'), '') : text);

/**
 * The text of an unfolded value, a byte string (see mime-part.ts). Neighbouring words of one charset are decoded as one,
 * so that a character split between them is whole again; white space between words is dropped (RFC 2047 §6.2).
 * Octets above 0x7F outside of words are UTF-8 if valid, else windows-1252.
 */
export function decodeEncodedWords(value: string): string {
  // Most values have none.
  if (!value.includes('=?')) return plainText(value);
  const finder = new WordFinder(value);
  let decoded = '';
  let plainStart = 0;
  let pending: Uint8Array[] = [];
  let pendingCharset = '';
  const flush = (): void => {
    if (pending.length > 0) decoded += decodeCharset(Buffer.concat(pending), pendingCharset);
    pending = [];
  };
  for (let at = value.indexOf('=?'); at !== -1;) {
    const word = finder.wordAt(at);
    if (word === null) {
      at = value.indexOf('=?', at + 2);
      continue;
    }
    const between = value.slice(plainStart, at);
    const isNeighbour = pending.length > 0 && /^[ \t]*$/.test(between);
    if (!isNeighbour || word.charset !== pendingCharset) flush();
    if (!isNeighbour) decoded += plainText(between);
    pending.push(word.octets);
    pendingCharset = word.charset;
    plainStart = word.end;
    at = value.indexOf('=?', word.end);
  }
  flush();
  return decoded + plainText(value.slice(plainStart));
}
