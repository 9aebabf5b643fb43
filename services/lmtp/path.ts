// The path that MAIL and RCPT carry: RFC 5321 §4.1.2, in UTF-8 (RFC 6531 §3.3). Which addresses can be was for the mail server before us to
// say: what it sent is kept as it is, as long as it is one path and may stand in a field of the message.

/** RFC 5322 §2.1.1: a line may have 998 octets. RFC 5321 §4.5.3.1.3 asks for 256. */
const ADDRESS_BYTES_MAX = 998 - 'Return-Path: <>'.length;
/** A source route is left out (RFC 5321 appendix C). Only in quotes may a local part have spaces, `@` and angles. */
const PATH = /^ *<(?:(?:@[^\s<>@,:]+(?:,@[^\s<>@,:]+)*:)?((?:"(?:[^"\\]|\\.)+"|[^\s<>@"][^\s<>@]*)(?:@[^\s<>@]+)?))?>(?:\s+(.*))?$/su;
const CONTROL = /\p{Cc}/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface PathCommand {
  /** `MAIL FROM`, as it was written. */
  readonly verb: string;
  /** '': the null path. */
  readonly address: string;
  /** What follows the path. */
  readonly parameters: string;
}

/** The parts of a line; null: they are not what RFC 5321 §4.1.1.2 and §4.1.1.3 ask for. */
export function readPathCommand(line: Uint8Array): PathCommand | null {
  const text = decoded(line);
  const colon = text === null ? -1 : text.indexOf(':');
  if (text === null || colon === -1) return null;
  const match = PATH.exec(text.slice(colon + 1));
  if (match === null) return null;
  const [, address = '', parameters = ''] = match;
  if (CONTROL.test(address) || Buffer.byteLength(address) > ADDRESS_BYTES_MAX) return null;
  return { verb: text.slice(0, colon), address, parameters };
}

/** A local part as it is meant, without quotes, and the domain if there is one; null: it is no address. */
export function splitAddress(address: string): { readonly local: string; readonly domain: string | null } | null {
  const match = /^("(?:[^"\\]|\\.)+"|[^@]+)(?:@([^@]+))?$/su.exec(address);
  if (match === null) return null;
  const [, local = '', domain = null] = match;
  // RFC 5321 §4.1.2: "joe" and joe are one local part.
  return { local: local.startsWith('"') ? local.slice(1, -1).replaceAll(/\\(.)/gsu, '$1') : local, domain };
}

function decoded(line: Uint8Array): string | null {
  try {
    return utf8.decode(line);
  } catch {
    return null; // It is in no charset that an address can be in.
  }
}
