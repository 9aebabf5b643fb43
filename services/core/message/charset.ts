// Octets to text by charset name. What a message declares may be wrong, unknown or missing: there is always some text.
import { isUtf8 } from 'node:buffer';
import { encodingExists, getDecoder } from 'iconv-lite';
import { EucFromIso2022Jp } from './iso-2022-jp';
import { EucFromIso2022Kr } from './iso-2022-kr';

/**
 * Turns octets into text piece by piece. Pieces should end behind an LF octet, a space or a whole character: in UTF-7 and GB 18030
 * iconv-lite may lose one that is cut.
 */
export interface TextDecoding {
  write(octets: Uint8Array): string;
  /** What is left at the end. */
  end(): string;
}

// No charset, or one that says nothing about octets above 0x7F. Names are compared without all but letters and digits.
const UNDECLARED = new Set(['', 'usascii', 'ascii', 'ansix341968', 'iso646us', 'iso646irv1991', '646', 'unknown8bit', 'xunknown', 'unknown', '8bit', 'default']);

// iconv-lite has codecs under these names that are no charsets of mail.
const NOT_CHARSETS = new Set(['base64', 'hex', 'binary', 'utf7imap']);

// Latin 1 is read as windows-1252, which is what mail labelled so often is. Not by the platform: Node 20's `windows-1252` is Latin 1.
const LATIN_1 = ['iso88591', '88591', 'iso885911987', 'isoir100', 'latin1', 'l1', 'csisolatin1', 'cp819', 'ibm819', 'ansi', 'xcp1252'];

// Names that mail has been seen to use and that neither iconv-lite nor the platform knows.
const ALIASES: ReadonlyMap<string, string> = new Map([
  ...LATIN_1.map((name) => [name, 'windows1252'] as const),
  ['uhc', 'cp949'], ['xmscp932', 'cp932'], ['eucjpms', 'eucjp'], ['cngb', 'gbk'], ['utf8mb4', 'utf8'], ['xunicode20utf7', 'utf7'],
]);

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

/** An ISO 2022 charset, by way of its EUC twin. */
function shiftedDecoding(converter: EucFromIso2022Jp | EucFromIso2022Kr, eucName: string): TextDecoding {
  const decoding = tableDecoding(eucName)!;
  return { write: (octets) => decoding.write(converter.write(octets)), end: () => decoding.end() };
}

/** A charset's name in the way that the sets above have it. */
function nameOf(charset: string): string {
  const letters = charset.toLowerCase().replaceAll(/[^0-9a-z]/g, '');
  return ALIASES.get(letters) ?? letters;
}

const isDeclared = (name: string): boolean => !UNDECLARED.has(name) && !NOT_CHARSETS.has(name);

/** Whether `octets` of this name are read as UTF-8. */
const isReadAsUtf8 = (name: string, octets: Uint8Array): boolean => name === 'utf8' || (!isDeclared(name) && isUtf8(octets));

/**
 * The decoding for `octets` that declare `charset`, in whatever case. Undeclared or unknown: UTF-8 if the octets are
 * valid UTF-8, else windows-1252.
 */
export function decodingFor(charset: string, octets: Uint8Array): TextDecoding {
  const name = nameOf(charset);
  if (isReadAsUtf8(name, octets)) return webDecoding('utf-8')!;
  if (!isDeclared(name)) return tableDecoding('windows1252')!;
  if (name.startsWith('iso2022jp') || name === 'csiso2022jp') return shiftedDecoding(new EucFromIso2022Jp(), 'eucjp');
  if (name === 'iso2022kr' || name === 'csiso2022kr') return shiftedDecoding(new EucFromIso2022Kr(), 'euckr');
  // Some single-byte charsets, such as x-mac-cyrillic, only the platform has.
  return tableDecoding(name) ?? webDecoding(charset.trim().toLowerCase()) ?? decodingFor('', octets);
}

// A decoder costs more to make than most words of a header to decode. Without `stream` it keeps nothing between two calls.
const WHOLE_UTF8 = new TextDecoder('utf-8');

/** All of `octets` as text. Never throws; octets that are no characters turn into U+FFFD. */
export function decodeCharset(octets: Uint8Array, charset: string): string {
  if (isReadAsUtf8(nameOf(charset), octets)) return WHOLE_UTF8.decode(octets);
  const decoding = decodingFor(charset, octets);
  return decoding.write(octets) + decoding.end();
}
