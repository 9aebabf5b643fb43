// The literal that a line may announce at its end (RFC 3501 §4.3, RFC 7888 §8, literal8 of RFC 3516 §7).

export interface Literal {
  /** Infinity: a number above 2^53 − 1, so larger than anything that can be taken. */
  readonly sizeBytes: number;
  /** True: the client waits for `+` before it sends the bytes. */
  readonly synchronizing: boolean;
  /** `~{n}`: the bytes may contain NUL. */
  readonly binary: boolean;
}

/** No announcement is longer: 2^63 has 19 digits, the rest is for leading zeros. */
export const LITERAL_TEXT_BYTES_MAX = 64;

// literal = "{" number64 ["+"] "}"; literal8 = "~{" number64 ["+"] "}"
const ANNOUNCEMENT = /(~?)\{([0-9]+)(\+?)\}$/;

/** The literal announced at the end of `line` (without its CRLF) and where the announcement starts; null: none. */
export function literalAtEnd(line: Buffer): { literal: Literal; startByte: number } | null {
  if (line[line.length - 1] !== 0x7d) return null;
  const tailStart = Math.max(0, line.length - LITERAL_TEXT_BYTES_MAX);
  const match = ANNOUNCEMENT.exec(line.toString('latin1', tailStart));
  if (match === null) return null;
  const size = Number(match[2]);
  return {
    literal: { sizeBytes: Number.isSafeInteger(size) ? size : Infinity, synchronizing: match[3] === '', binary: match[1] === '~' },
    startByte: tailStart + match.index,
  };
}
