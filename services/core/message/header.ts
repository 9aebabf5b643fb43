// Reads a header block (RFC 5322 §2.2) into its fields, tolerantly: what is no field is skipped, never an error.

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;

/** One field of a block; offsets count from the block's first octet. */
export interface HeaderField {
  /** In lower case. */
  readonly key: string;
  readonly startByte: number;
  /** Where the value starts: after the colon. */
  readonly valueByte: number;
  /** Exclusive; behind the field's last line end. */
  readonly endByte: number;
}

/** A parsed block: the octets and the fields found in them. */
export interface Header {
  readonly block: Buffer;
  readonly fields: readonly HeaderField[];
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isWhite(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB;
}

/**
 * The field that starts at `start`, or null: a line without colon, or one whose name has spaces in it, such as the
 * "From someone Mon Jan 1 00:00:00" of an mbox file. RFC 5322 §4.5 allows white space before the colon.
 */
function readField(block: Buffer, start: number, end: number): { key: string; startByte: number; valueByte: number; endByte: number } | null {
  let nameEnd = start;
  while (nameEnd < end && block[nameEnd]! > SPACE && block[nameEnd]! < 0x7f && block[nameEnd] !== COLON) nameEnd++;
  let colon = nameEnd;
  while (isWhite(block[colon])) colon++;
  if (nameEnd === start || colon >= end || block[colon] !== COLON) return null;
  return { key: block.toString('latin1', start, nameEnd).toLowerCase(), startByte: start, valueByte: colon + 1, endByte: end };
}

/** Reads `block` up to its empty line or its end. Lines end with CRLF or LF; a bare CR ends nothing. Linear, never throws. */
export function parseHeader(bytes: Uint8Array): Header {
  const block = asBuffer(bytes);
  const fields: HeaderField[] = [];
  let last: ReturnType<typeof readField> = null;
  for (let at = 0; at < block.length;) {
    const lf = block.indexOf(LF, at);
    const end = lf === -1 ? block.length : lf + 1;
    if (lf === at || (lf === at + 1 && block[at] === CR)) break;
    if (isWhite(block[at])) {
      if (last !== null) last.endByte = end;
    } else {
      last = readField(block, at, end);
      if (last !== null) fields.push(last);
    }
    at = end;
  }
  return { block, fields };
}

/** Removes SP and HTAB from both ends; String.trim would also take 0xA0, which may be half a UTF-8 character. */
export function trimWhite(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhite(text.charCodeAt(start))) start++;
  while (end > start && isWhite(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Lower case of ASCII letters alone: String.toLowerCase would change octets above 0x7F, which may be halves of UTF-8 characters. */
export function lowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Unfolds a value (RFC 5322 §2.2.3) and takes what no IMAP string can carry out of it: a bare CR turns into a space,
 * NUL into 0x80. Encoded words stay as they are.
 */
export function unfold(value: string): string {
  return trimWhite(value.replaceAll('\r\n', '').replaceAll('\n', '').replaceAll('\r', ' ').replaceAll('\0', '\x80'));
}

/** The unfolded value of a field, as a byte string (see mime-part.ts). */
export function fieldValue(header: Header, field: HeaderField): string {
  return unfold(header.block.toString('latin1', field.valueByte, field.endByte));
}

/** The first field with this lower-case name; null if there is none. */
export function firstValue(header: Header, key: string): string | null {
  const field = header.fields.find((candidate) => candidate.key === key);
  return field === undefined ? null : fieldValue(header, field);
}

/** The raw octets of the fields that `isWanted` (given the lower-case name), in their order, each ending with a line end. */
export function rawFields(header: Header, isWanted: (key: string) => boolean): Buffer {
  const pieces: Uint8Array[] = [];
  for (const field of header.fields) {
    if (!isWanted(field.key)) continue;
    pieces.push(header.block.subarray(field.startByte, field.endByte));
    if (header.block[field.endByte - 1] !== LF) pieces.push(Buffer.from('\r\n'));
  }
  return Buffer.concat(pieces);
}

/**
 * What BODY[HEADER.FIELDS (names)] answers, or HEADER.FIELDS.NOT if `not`: the fields as stored, then an empty line
 * (RFC 3501 §6.4.5). Names match without case. Lines that are no field are in neither.
 */
export function headerFields(block: Uint8Array, names: readonly string[], not: boolean): Buffer {
  const keys = new Set(names.map((name) => name.toLowerCase()));
  return Buffer.concat([rawFields(parseHeader(block), (key) => keys.has(key) !== not), Buffer.from('\r\n')]);
}
