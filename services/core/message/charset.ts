// Octets to text by charset name. What a message declares may be wrong, unknown or missing: there is always some text.
import { isUtf8 } from 'node:buffer';
import { encodingExists, getDecoder } from 'iconv-lite';
import { EucFromIso2022Jp } from './iso-2022-jp';

/**
 * Turns octets into text piece by piece. Pieces should end behind an LF octet where there is one: in some charsets iconv-lite
 * loses a character that is cut.
 */
export interface TextDecoding {
  write(octets: Uint8Array): string;
  /** What is left at the end. */
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

function japaneseDecoding(): TextDecoding {
  const converter = new EucFromIso2022Jp();
  const decoding = tableDecoding('eucjp')!;
  return { write: (octets) => decoding.write(converter.write(octets)), end: () => decoding.end() };
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
  // Some single-byte charsets, such as x-mac-cyrillic, only the platform has.
  return tableDecoding(name) ?? webDecoding(label) ?? guess();
}

/** All of `octets` as text. Never throws; octets that are no characters turn into U+FFFD. */
export function decodeCharset(octets: Uint8Array, charset: string): string {
  const decoding = decodingFor(charset, octets);
  return decoding.write(octets) + decoding.end();
}
