// section = "[" [section-spec] "]" and what comes after it in BODY[...]<n.m> (RFC 3501 §6.4.5, §9).
import type { SectionPath, SectionText } from '../../core/message/section';
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { ASTRING, isIn, ITEM_NAME } from './characters';
import { readFieldName } from './field-name';
import { grammarLimits } from './grammar-limits';
import { readList, type Reader } from './reader';

export interface Section {
  readonly path: SectionPath;
  /** Names of fields in lower case, each once. */
  readonly text: SectionText;
}

export interface PartialFetch {
  readonly startByte: number;
  /** At least 1. */
  readonly sizeBytes: number;
}

// section-part = nz-number *("." nz-number)
const SPEC = /^(?:(\d+(?:\.\d+)*)(?:\.([A-Z.]+))?|([A-Z.]+))?$/;

/** Reads a section in its brackets. `label` is its text as a response repeats it: ASCII, without line ends. */
export function readSection(reader: Reader): { section: Section; label: string } {
  reader.readChar('[');
  const run = reader.takeRun(ITEM_NAME);
  if (run.length > grammarLimits.fetchLabelBytes) throw new Refusal('LIMIT', 'the section is too long');
  const spec = run.toString('latin1').toUpperCase();
  const match = SPEC.exec(spec);
  if (match === null) throw new BadCommand('expected a section such as HEADER, TEXT or 1.2.MIME');
  const path = match[1] === undefined ? [] : match[1].split('.').map(partNumber);
  const name = match[2] ?? match[3] ?? null;
  // section-text = section-msgtext / "MIME": MIME only of a part.
  if (name === 'MIME' && path.length === 0) throw new BadCommand('expected a part number before MIME');
  const fields = name === 'HEADER.FIELDS' || name === 'HEADER.FIELDS.NOT' ? readFieldNames(reader) : [];
  const text = textNamed(name, fields);
  reader.readChar(']');
  const list = fields.length === 0 ? '' : ` (${fields.map(astringOf).join(' ')})`;
  return { section: { path, text }, label: `[${spec}${list}]` };
}

/** partial = "<" number "." nz-number ">", if there is one. */
export function tryPartial(reader: Reader): PartialFetch | null {
  if (!reader.tryChar('<')) return null;
  const startByte = reader.readNumber63('the first octet');
  reader.readChar('.');
  const sizeBytes = reader.readNumber63('the number of octets');
  if (sizeBytes === 0) throw new BadCommand('the number of octets must not be 0');
  reader.readChar('>');
  return { startByte, sizeBytes };
}

function textNamed(name: string | null, fields: readonly string[]): SectionText {
  switch (name) {
    case null:
    case 'HEADER':
    case 'TEXT':
    case 'MIME':
      return name;
    case 'HEADER.FIELDS':
    case 'HEADER.FIELDS.NOT':
      return { fields: [...new Set(fields.map((field) => field.toLowerCase()))], not: name === 'HEADER.FIELDS.NOT' };
    default:
      throw new BadCommand('expected HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or MIME');
  }
}

function partNumber(digits: string): number {
  const value = Number(digits);
  if (value === 0 || value > 0xffffffff) throw new BadCommand('a part number must be from 1 to 4294967295');
  return value;
}

/** header-list = "(" header-fld-name *(SP header-fld-name) ")" */
function readFieldNames(reader: Reader): string[] {
  reader.readSpace('a list of header fields');
  return readList(reader, 'a header field', () => readFieldName(reader));
}

function astringOf(name: string): string {
  const isAtom = Buffer.from(name, 'latin1').every((byte) => isIn(ASTRING, byte));
  return isAtom ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}
