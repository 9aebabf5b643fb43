// Octets to text by charset name. What a message declares may be wrong, unknown or missing: there is always some text.
import { isUtf8 } from 'node:buffer';
import { decode, encodingExists, getDecoder } from 'iconv-lite';

/** Turns octets into text piece by piece; characters may be cut between pieces. */
export interface TextDecoding {
  write(octets: Uint8Array): string;
  /** What is left of a cut character. */
  end(): string;
}

// No charset, or one that says nothing about octets above 0x7F. Names are compared without all but letters and digits.
const UNDECLARED = new Set(['', 'usascii', 'ascii', 'ansix341968', 'iso646us', 'unknown8bit', 'xunknown', 'unknown', '8bit', 'default']);

// iconv-lite has codecs under these names that are no charsets of mail.
const NOT_CHARSETS = new Set(['base64', 'hex', 'binary', 'utf7imap']);

function webDecoding(label: string): TextDecoding | null {
  try {
    const decoder = new TextDecoder(label);
    return { write: (octets) => decoder.decode(octets, { stream: true }), end: () => decoder.decode() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_NOT_SUPPORTED') return null;
    throw error;
  }
}

function tableDecoding(name: string): TextDecoding | null {
  if (!encodingExists(name)) return null;
  const decoder = getDecoder(name);
  return {
    write: (octets) => decoder.write(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)),
    end: () => decoder.end() ?? '',
  };
}

/** UTF-7 goes through in one piece: iconv-lite loses count where it is cut behind a base64 run. */
function utf7Decoding(): TextDecoding {
  const pieces: Uint8Array[] = [];
  const write = (octets: Uint8Array): string => {
    pieces.push(octets);
    return '';
  };
  return { write, end: () => decode(Buffer.concat(pieces), 'utf-7') };
}

/**
 * ISO-2022-JP and its variants -1, -2, -3 and -ms, which only add characters. The decoder puts a U+FFFD between two escapes
 * that follow each other, as they do where encoded words are joined; it would hide words from SEARCH.
 */
function japaneseDecoding(): TextDecoding {
  const decoding = webDecoding('iso-2022-jp')!;
  return { write: (octets) => decoding.write(octets).replaceAll('\ufffd', ''), end: () => decoding.end().replaceAll('\ufffd', '') };
}

/**
 * The decoding for `octets` that declare `charset`, in whatever case. Undeclared or unknown: UTF-8 if the octets are
 * valid UTF-8, else windows-1252. Latin 1 is read as windows-1252, which is what mail labelled so often is.
 */
export function decodingFor(charset: string, octets: Uint8Array): TextDecoding {
  const label = charset.trim().toLowerCase();
  const name = label.replaceAll(/[^0-9a-z]/g, '');
  const guess = (): TextDecoding => (isUtf8(octets) ? webDecoding('utf-8')! : tableDecoding('windows1252')!);
  if (UNDECLARED.has(name) || NOT_CHARSETS.has(name)) return guess();
  if (name === 'utf8') return webDecoding('utf-8')!;
  if (name === 'iso88591' || name === 'latin1') return tableDecoding('windows1252')!;
  if (name.startsWith('iso2022jp') || name === 'csiso2022jp') return japaneseDecoding();
  if (name === 'utf7' || name === 'unicode11utf7') return utf7Decoding();
  return tableDecoding(name) ?? webDecoding(label) ?? guess();
}

/** All of `octets` as text. Never throws; octets that are no characters turn into U+FFFD. */
export function decodeCharset(octets: Uint8Array, charset: string): string {
  const decoding = decodingFor(charset, octets);
  return decoding.write(octets) + decoding.end();
}
