// A message as the lines of a response (RFC 1939 §3): a dot that starts a line is doubled, and a line of one dot ends it all.
//
// A line starts behind every LF, not only behind CRLF. Messages with bare LFs come by APPEND and LMTP; they are sent as they are stored.
// RFC 1939 knows only CRLF, but most clients take a bare LF for a line end: to them LF "." LF would end the message early, and what
// follows would pass for responses, so that mail is lost, or forged. A client that insists on CRLF sees one dot too many instead, in
// such mail alone.

const LF = 0x0a;
const CR = 0x0d;
const DOT = 0x2e;
const LF_DOT = Buffer.from('\n.');

export class DotStuffer {
  /** The last two octets; the line of the status went before the first. */
  #beforeLast = CR;
  #last = LF;

  /** The next octets of the message with their dots doubled: the same bytes if there are none, else a copy. */
  push(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (length === 0) return bytes;
    const first = this.#firstDot(bytes);
    this.#beforeLast = length > 1 ? bytes[length - 2]! : this.#last;
    this.#last = bytes[length - 1]!;
    return first === -1 ? bytes : stuffed(bytes, first);
  }

  /** What follows the last octet. A message that does not end in CRLF gets one: it belongs to the end, not to the message. */
  end(): string {
    return this.#last === LF && this.#beforeLast === CR ? '.\r\n' : '\r\n.\r\n';
  }

  /** Where the first line starts that starts with a dot; -1: nowhere. */
  #firstDot(bytes: Uint8Array): number {
    if (this.#last === LF && bytes[0] === DOT) return 0;
    const lineFeed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(LF_DOT);
    return lineFeed === -1 ? -1 : lineFeed + 1;
  }
}

/** From its `first` dot on octet by octet: a body full of dots takes no longer than any other. */
function stuffed(bytes: Uint8Array, first: number): Uint8Array {
  const dotsMax = Math.ceil((bytes.length - first) / 2);
  const out = Buffer.allocUnsafe(bytes.length + dotsMax);
  out.set(bytes.subarray(0, first));
  let end = first;
  let last = LF;
  for (let at = first; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (byte === DOT && last === LF) out[end++] = DOT;
    out[end++] = byte;
    last = byte;
  }
  return out.subarray(0, end);
}
