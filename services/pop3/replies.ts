// The first line of every response: RFC 1939 §3, with the response codes of RFC 2449 §8 and RFC 3206.

/** [AUTH]: other credentials may help; [SYS/TEMP]: so may waiting; [SYS/PERM]: neither does. */
export type ResponseCode = 'AUTH' | 'SYS/TEMP' | 'SYS/PERM';

/** RFC 2449 §4: 512 octets, "-ERR", the longest code and the line end included. */
const TEXT_CHARS_MAX = 490;
const NOT_PRINTABLE = /[^ -~]/g;

/** What ends a response of several lines. */
export const TERMINATOR = '.\r\n';

export function ok(text: string): Buffer {
  return Buffer.from(`+OK ${safe(text)}\r\n`, 'latin1');
}

export function err(text: string, code: ResponseCode | null = null): Buffer {
  return Buffer.from(`-ERR ${code === null ? '' : `[${code}] `}${safe(text)}\r\n`, 'latin1');
}

/** A whole response of several lines; none of them may start with a dot. */
export function multiline(text: string, lines: readonly string[]): Buffer {
  return Buffer.from([`+OK ${safe(text)}`, ...lines, TERMINATOR].join('\r\n'), 'latin1');
}

/** Invites the next SASL response (RFC 5034 §4): the challenge of PLAIN is empty. */
export const continuation = Buffer.from('+ \r\n');

/** Under RESP-CODES nothing but a code may look like one (RFC 2449 §6.4). */
function safe(text: string): string {
  const printable = text.slice(0, TEXT_CHARS_MAX).replace(NOT_PRINTABLE, '?');
  return printable.startsWith('[') ? `(${printable.slice(1)}` : printable;
}
