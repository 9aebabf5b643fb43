// What the Content-* fields say of a part (RFC 2045, 2183, 3282, 2557, 1864), with the defaults for what they do not say.
import { fieldValue, lowerCase, type Header } from './header';
import type { Disposition, MimePart } from './mime-part';
import { parseStructured } from './parameters';

/** The part of a MimePart that comes from its header. */
export type PartDescription = Pick<MimePart,
  'type' | 'subtype' | 'params' | 'id' | 'description' | 'encoding' | 'md5' | 'disposition' | 'language' | 'location'>;

type MediaType = Pick<MimePart, 'type' | 'subtype' | 'params'>;

// RFC 2045 §5.2: what has no type, or one that cannot be read.
const PLAIN_TEXT: MediaType = { type: 'text', subtype: 'plain', params: [['charset', 'us-ascii']] };

// RFC 2046 §5.1.5: the default within multipart/digest.
const DIGEST_DEFAULT: MediaType = { type: 'message', subtype: 'rfc822', params: [] };

const TOKEN = /[^ \t()<>@,;:\\"/[\]?=]+/;

function mediaType(value: string | null, inDigest: boolean): MediaType {
  if (value === null) return inDigest ? DIGEST_DEFAULT : PLAIN_TEXT;
  const structured = parseStructured(value);
  const [type = '', subtype = '', rest] = lowerCase(structured.value).split('/').map((name) => TOKEN.exec(name)?.[0] ?? '');
  if (type === '' || subtype === '' || rest !== undefined) return PLAIN_TEXT;
  return { type, subtype, params: structured.params };
}

function encodingOf(value: string | null): string {
  return lowerCase((value === null ? undefined : TOKEN.exec(parseStructured(value).value)?.[0]) ?? '7bit');
}

function dispositionOf(value: string | null): Disposition | null {
  if (value === null) return null;
  const structured = parseStructured(value);
  const type = TOKEN.exec(structured.value)?.[0];
  // RFC 2183 §2.8: a type that is not known is an attachment; so is one that is missing before its parameters.
  return type === undefined && structured.params.length === 0 ? null : { type: lowerCase(type ?? 'attachment'), params: structured.params };
}

function languages(value: string | null): string[] {
  return value === null ? [] : parseStructured(value).value.split(',').map((tag) => TOKEN.exec(tag)?.[0] ?? '').filter((tag) => tag !== '');
}

/** The first field of each name that starts with `content-`. */
function contentFields(header: Header): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const field of header.fields) {
    if (field.key.startsWith('content-') && !values.has(field.key)) values.set(field.key, fieldValue(header, field));
  }
  return values;
}

/** The description of a part with this header, of a multipart/digest if `inDigest`. Never throws. */
export function describePart(header: Header, inDigest: boolean): PartDescription {
  const values = contentFields(header);
  const get = (key: string): string | null => values.get(key) ?? null;
  const { type, subtype, params } = mediaType(get('content-type'), inDigest);
  return {
    type,
    subtype,
    params,
    id: get('content-id'),
    description: get('content-description'),
    encoding: encodingOf(get('content-transfer-encoding')),
    md5: get('content-md5'),
    disposition: dispositionOf(get('content-disposition')),
    language: languages(get('content-language')),
    location: get('content-location'),
  };
}

/** The text part that stands for what is inside a container that could not be opened, or holds no part. */
export function opaqueText(headerStart: number, bodyEnd: number, lines: number, encoding: string): MimePart {
  return {
    headerStart, bodyStart: headerStart, bodyEnd, lines, ...PLAIN_TEXT, encoding,
    id: null, description: null, md5: null, disposition: null, language: [], location: null, children: [], message: null,
  };
}
