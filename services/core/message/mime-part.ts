// The MIME tree of a message (RFC 2045, 2046), with the octet offsets that BODYSTRUCTURE, BODY[...] and SEARCH need.
//
// Strings are *byte strings*: one character, U+0000 to U+00FF, for each octet as stored (NUL shown as 0x80, RFC 3501 §9 CHAR8).
// Whoever writes them to a client writes them as latin1.
import type { Envelope } from './envelope';

/** Name in lower case, value without its quoting. `name*` stands for an RFC 2231 extended value, continuations already joined. */
export type Parameter = readonly [name: string, value: string];

export interface Disposition {
  /** Lower case: `inline`, `attachment`, … */
  readonly type: string;
  readonly params: readonly Parameter[];
}

export interface NestedMessage {
  readonly envelope: Envelope;
  /** The root of the message inside; its header starts where the outer part's body starts. */
  readonly structure: MimePart;
}

export interface MimePart {
  /** Offsets from the first octet of the whole message. The header runs up to `bodyStart`, its empty line included. */
  readonly headerStart: number;
  readonly bodyStart: number;
  /** Exclusive. The line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1). */
  readonly bodyEnd: number;
  /**
   * LFs in the body, of text/* and messages; 0 for all else. A last line without LF is not counted, and neither is
   * the line end that belongs to a delimiter: as Dovecot counts.
   */
  readonly lines: number;
  /** Lower case. */
  readonly type: string;
  /** Lower case. */
  readonly subtype: string;
  readonly params: readonly Parameter[];
  readonly id: string | null;
  readonly description: string | null;
  /** Content-Transfer-Encoding in lower case; `7bit` where there is none. */
  readonly encoding: string;
  readonly md5: string | null;
  readonly disposition: Disposition | null;
  /** Empty: no Content-Language. */
  readonly language: readonly string[];
  readonly location: string | null;
  /** Of a multipart: at least one, so that BODYSTRUCTURE is always valid. Empty for all else. */
  readonly children: readonly MimePart[];
  /**
   * Of message/rfc822 and message/global, always; null for all else. IMAP4rev1 knows only message/rfc822 as
   * body-type-msg (RFC 3501 §9); message/global is one in IMAP4rev2 (RFC 9051 §9).
   */
  readonly message: NestedMessage | null;
}

/** True if the part's media type is a message that BODYSTRUCTURE shows with envelope and structure. */
export function isMessageType(type: string, subtype: string): boolean {
  return type === 'message' && (subtype === 'rfc822' || subtype === 'global');
}
