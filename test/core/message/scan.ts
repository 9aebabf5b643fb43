// What the tests of this room share: scanning a whole message, and a short notation for what was found.
import { MimeScanner, type ScannedMessage } from '../../../services/core/message/mime-scanner';
import type { MimePart } from '../../../services/core/message/mime-part';

/** Octets of a byte string whose lines end with LF, here made CRLF. */
export function crlf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function scan(message: Uint8Array, cuts: readonly number[] = []): ScannedMessage {
  const scanner = new MimeScanner();
  let at = 0;
  for (const cut of [...cuts, message.length]) {
    scanner.push(message.subarray(at, cut));
    at = Math.max(at, cut);
  }
  return scanner.end();
}

/** `text/plain:2 "body"`, `multipart/mixed(…, …)`, `message/rfc822:5<…>`; an encoding but 7bit in brackets, CRLF shown as `/`. */
export function outline(part: MimePart, message: Uint8Array): string {
  const encoding = part.encoding === '7bit' ? '' : `[${part.encoding}]`;
  const lines = part.type === 'text' || part.message !== null ? `:${part.lines}` : '';
  const head = `${part.type}/${part.subtype}${encoding}${lines}`;
  if (part.message !== null) return `${head}<${outline(part.message.structure, message)}>`;
  if (part.children.length > 0) return `${head}(${part.children.map((child) => outline(child, message)).join(', ')})`;
  const body = Buffer.from(message.subarray(part.bodyStart, part.bodyEnd)).toString('latin1');
  return `${head} "${body.replaceAll('\r\n', '/')}"`;
}

/** Every part of a tree, containers before what they hold. */
export function* partsOf(part: MimePart): Generator<MimePart> {
  yield part;
  for (const child of part.children) yield* partsOf(child);
  if (part.message !== null) yield* partsOf(part.message.structure);
}
