// SEARCH BODY and TEXT (RFC 3501 §6.4.4) over one message: which octets are text, and whether a string is in them.
import { decodingFor } from './charset';
import { fieldValue, parseHeader } from './header';
import { HEADER_BYTES_MAX } from './mime-limits';
import type { MimePart } from './mime-part';
import { parameter, parameterTexts } from './parameters';
import { SubstringMatcher } from './substring-matcher';
import { foldPieces, headerText } from './text';
import { decodeTransfer } from './transfer-encoding';

/** BODY: the text of parts and the headers of messages inside. TEXT: the message's own header and those of parts, too. */
export type TextScope = 'BODY' | 'TEXT';

// Octets turned into text at a time, at most.
const PIECE_BYTES = 128 * 1024;
const LF = 0x0a;
const SPACE = 0x20;

/** A header as it reads: one field a line, encoded words decoded. */
function* headerPieces(message: Uint8Array, part: MimePart): Generator<string> {
  // A message of 64 MiB may be one header of twenty million fields.
  const header = parseHeader(message.subarray(part.headerStart, Math.min(part.bodyStart, part.headerStart + HEADER_BYTES_MAX)));
  for (const field of header.fields) yield `${field.key}: ${headerText(fieldValue(header, field))}\n`;
  // File names in RFC 2231's encoding are not to be read above.
  for (const text of parameterTexts(part.params)) yield `${text}\n`;
  for (const text of parameterTexts(part.disposition?.params ?? [])) yield `${text}\n`;
}

/** Whole lines where there are any, else whole words or characters: some decoders want none of them cut (see charset.ts). */
function wholeLength(piece: Buffer): number {
  const afterBreak = piece.lastIndexOf(LF) + 1 || piece.lastIndexOf(SPACE) + 1;
  if (afterBreak > 0) return afterBreak;
  // Of two octets below 0x80 the second is a character by itself, in all charsets in which one octet may be.
  for (let at = piece.length; at > 1; at--) if (piece[at - 1]! < 0x80 && piece[at - 2]! < 0x80) return at;
  return piece.length;
}

function* bodyPieces(message: Uint8Array, part: MimePart): Generator<string> {
  const octets = decodeTransfer(message.subarray(part.bodyStart, part.bodyEnd), part.encoding);
  const decoding = decodingFor(parameter(part.params, 'charset') ?? '', octets);
  for (let at = 0; at < octets.length;) {
    const piece = Buffer.from(octets.buffer, octets.byteOffset + at, Math.min(PIECE_BYTES, octets.length - at));
    const length = at + piece.length === octets.length ? piece.length : wholeLength(piece);
    yield decoding.write(piece.subarray(0, length));
    at += length;
  }
  yield decoding.end();
}

/**
 * The texts of a message one after the other, each in pieces: decoded, not folded. Text parts and such as message/delivery-status
 * are searched; HTML as its source, tags and all; other parts, preambles and epilogues are not. `message` is the
 * whole message that `part` was scanned from. Each text is decoded only when its pieces are taken.
 */
export function* searchableTexts(message: Uint8Array, part: MimePart, scope: TextScope): Generator<Iterable<string>> {
  if (scope === 'TEXT') yield headerPieces(message, part);
  for (const child of part.children) yield* searchableTexts(message, child, scope);
  if (part.message !== null) {
    const inside = part.message.structure;
    if (scope === 'BODY') yield headerPieces(message, inside);
    yield* searchableTexts(message, inside, scope);
  } else if (part.type === 'text' || part.type === 'message') {
    yield bodyPieces(message, part);
  }
}

/**
 * True if a text of the message contains `foldedNeedle`, which went through foldForSearch(). The empty string is in every message.
 * Linear in the message; memory beside it: one decoded part.
 */
export function messageContains(message: Uint8Array, structure: MimePart, foldedNeedle: string, scope: TextScope): boolean {
  if (foldedNeedle === '') return true;
  const matcher = new SubstringMatcher(foldedNeedle);
  for (const text of searchableTexts(message, structure, scope)) {
    matcher.reset();
    for (const piece of foldPieces(text)) if (matcher.feed(piece)) return true;
  }
  return false;
}
