// resp-cond-state, resp-cond-bye, continue-req (RFC 3501 §7.1, §7.5): the lines that carry text for people.

export type Condition = 'OK' | 'NO' | 'BAD';

const TEXT_CHARS_MAX = 500;
const NOT_PRINTABLE = /[^ -~]/g;

/** The reply that ends a command. `code`: without brackets, see response-codes.ts. */
export function tagged(tag: string, condition: Condition, text: string, code?: string): Buffer {
  return line(`${tag} ${condition}`, text, code);
}

export function untagged(condition: Condition | 'BYE' | 'PREAUTH', text: string, code?: string): Buffer {
  return line(`* ${condition}`, text, code);
}

/** An untagged response without text for people; `data` is written as it is, so it must be ASCII of our own making. */
export function untaggedData(data: string): Buffer {
  return Buffer.from(`* ${data}\r\n`, 'latin1');
}

/** continue-req = "+" SP (resp-text / base64) CRLF: invites a literal, the next SASL response (may be empty), or the rest of IDLE. */
export function continuation(text: string): Buffer {
  return Buffer.from(`+ ${text.replace(NOT_PRINTABLE, '?')}\r\n`, 'latin1');
}

/** resp-text = ["[" resp-text-code "]" SP] text */
function line(start: string, text: string, code?: string): Buffer {
  if (code !== undefined && !/^[ -\\^-~]+$/.test(code)) throw new RangeError('a response code must be ASCII without "]"');
  return Buffer.from(`${start} ${code === undefined ? '' : `[${code}] `}${safeText(text, code !== undefined)}\r\n`, 'latin1');
}

/** text = 1*TEXT-CHAR. Texts may repeat what came from users: nothing in them may look like a line end or a response code. */
function safeText(text: string, hasCode: boolean): string {
  const printable = text.slice(0, TEXT_CHARS_MAX).replace(NOT_PRINTABLE, '?');
  if (printable === '') return '-';
  return !hasCode && printable.startsWith('[') ? `(${printable.slice(1)}` : printable;
}
