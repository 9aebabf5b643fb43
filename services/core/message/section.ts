// Which octets a section of BODY[...] names (RFC 3501 §6.4.5).
import type { MimePart } from './mime-part';

/** Part numbers, from 1; empty: the whole message. */
export type SectionPath = readonly number[];

export interface FieldSelection {
  readonly fields: readonly string[];
  /** HEADER.FIELDS.NOT. */
  readonly not: boolean;
}

export type SectionText = 'HEADER' | 'TEXT' | 'MIME' | FieldSelection | null;

export interface OctetRange {
  readonly startByte: number;
  /** Exclusive. */
  readonly endByte: number;
}

/** The header to read, and which of its fields to answer: see headerFields(). */
export interface FieldsOfHeader extends FieldSelection {
  readonly headerRange: OctetRange;
}

const headerOf = (part: MimePart): OctetRange => ({ startByte: part.headerStart, endByte: part.bodyStart });
const bodyOf = (part: MimePart): OctetRange => ({ startByte: part.bodyStart, endByte: part.bodyEnd });

/** Part `number` of a message: every message has a part 1, of one that is no multipart it is the message's own body. */
function partOfMessage(root: MimePart, number: number): MimePart | null {
  if (root.children.length > 0) return root.children[number - 1] ?? null;
  return number === 1 ? root : null;
}

/** The part with these numbers; null if there is none. Numbers below a message part count in the message inside it. */
export function partAt(structure: MimePart, path: SectionPath): MimePart | null {
  const [first, ...rest] = path;
  if (first === undefined) return structure;
  let part = partOfMessage(structure, first);
  for (const number of rest) {
    if (part === null) return null;
    part = part.message === null ? (part.children[number - 1] ?? null) : partOfMessage(part.message.structure, number);
  }
  return part;
}

/**
 * Where the octets of a section are in the message; null if it has none, which is answered as NIL or an empty string.
 * HEADER, HEADER.FIELDS and TEXT with a path are those of the message inside a message part; MIME is any part's header.
 * Headers include their empty line.
 */
export function locateSection(structure: MimePart, path: SectionPath, text: SectionText): OctetRange | FieldsOfHeader | null {
  const part = partAt(structure, path);
  if (part === null) return null;
  const isWhole = path.length === 0;
  if (text === null) return isWhole ? { startByte: part.headerStart, endByte: part.bodyEnd } : bodyOf(part);
  // RFC 3501 §6.4.5: MIME needs a part number.
  if (text === 'MIME') return isWhole ? null : headerOf(part);
  const message = isWhole ? part : part.message?.structure;
  if (message === undefined) return null;
  if (text === 'HEADER') return headerOf(message);
  if (text === 'TEXT') return bodyOf(message);
  return { headerRange: headerOf(message), fields: text.fields, not: text.not };
}
