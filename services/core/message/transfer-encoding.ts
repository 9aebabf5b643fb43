// Content-Transfer-Encoding (RFC 2045 §6), decoded. Broken input gives what can be read of it; linear, never throws.

/** The encodings that decodeTransfer() knows; octets of any other come back as they are. */
export const KNOWN_ENCODINGS: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary', 'base64', 'quoted-printable']);

const PAD = 0x3d;
const SKIP = 0xff;

const BASE64_VALUES = new Uint8Array(256).fill(SKIP);
for (const [index, char] of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/').entries()) {
  BASE64_VALUES[char] = index;
}

/** Whatever is not of the alphabet is skipped (RFC 2045 §6.8); padding ends a group, and another text may follow it. */
export function decodeBase64(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(Math.ceil((input.length * 3) / 4));
  let used = 0;
  let bits = 0;
  let bitCount = 0;
  for (const byte of input) {
    const value = BASE64_VALUES[byte]!;
    if (value !== SKIP) {
      bits = ((bits << 6) | value) & 0xffff;
      bitCount += 6;
      if (bitCount >= 8) {
        bitCount -= 8;
        output[used++] = bits >> bitCount;
      }
    } else if (byte === PAD) {
      bitCount = 0;
    }
  }
  return output.subarray(0, used);
}

/** The value of a hexadecimal digit, lower case too; -1 if it is none. */
export function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const isWhite = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09;

/** Where the line goes on after the soft line break at `at` (an `=`), or -1: `=`, white space, CRLF or LF or the end. */
function afterSoftBreak(input: Uint8Array, at: number): number {
  let next = at + 1;
  while (isWhite(input[next])) next++;
  if (next >= input.length) return next;
  if (input[next] === 0x0a) return next + 1;
  return input[next] === 0x0d && input[next + 1] === 0x0a ? next + 2 : -1;
}

/** RFC 2045 §6.7: white space at the end of a line is not part of it; an `=` that means nothing stays. */
export function decodeQuotedPrintable(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(input.length);
  let used = 0;
  // Behind the last octet of the line that is not literal white space.
  let lineUsed = 0;
  for (let at = 0; at < input.length;) {
    const byte = input[at]!;
    const value = byte === PAD ? hexValue(input[at + 1]) * 16 + hexValue(input[at + 2]) : -1;
    const isHex = byte === PAD && hexValue(input[at + 1]) >= 0 && hexValue(input[at + 2]) >= 0;
    const next = byte === PAD && !isHex ? afterSoftBreak(input, at) : -1;
    if (next !== -1) {
      at = next;
      lineUsed = used;
      continue;
    }
    if (byte === 0x0a || (byte === 0x0d && input[at + 1] === 0x0a)) used = lineUsed;
    output[used++] = isHex ? value : byte;
    at += isHex ? 3 : 1;
    if (isHex || !isWhite(byte)) lineUsed = used;
  }
  return output.subarray(0, lineUsed);
}

/** Decodes by a Content-Transfer-Encoding in lower case. May return `input` itself. */
export function decodeTransfer(input: Uint8Array, encoding: string): Uint8Array {
  if (encoding === 'base64') return decodeBase64(input);
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(input);
  return input;
}
