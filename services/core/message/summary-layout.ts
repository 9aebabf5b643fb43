// How structure and envelope are laid out in a summary: arrays without names, offsets as differences, trailing defaults left out.
// Part of the stored format: changed only together with the format number in summary.ts.
import { Damaged } from '../runtime/errors';
import type { Address } from './address';
import type { Envelope } from './envelope';
import type { Disposition, MimePart, Parameter } from './mime-part';

export function readList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Damaged('a summary without a list where one has to be');
  return value;
}

export function readString(value: unknown): string {
  if (typeof value !== 'string') throw new Damaged('a summary without a string where one has to be');
  return value;
}

function readText(value: unknown): string | null {
  return value === null || value === undefined ? null : readString(value);
}

function readCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Damaged('a summary without a number where one has to be');
  return value;
}

function readListOrNone(value: unknown): readonly unknown[] {
  return value === null || value === undefined ? [] : readList(value);
}

function withoutTrailingNulls(values: readonly unknown[]): unknown[] {
  return values.slice(0, values.findLastIndex((value) => value !== null) + 1);
}

const orNull = <T>(values: readonly T[]): readonly T[] | null => (values.length > 0 ? values : null);

function unpackParams(value: unknown): Parameter[] {
  const flat = readListOrNone(value);
  const params: Parameter[] = [];
  for (let index = 0; index < flat.length; index += 2) params.push([readString(flat[index]), readString(flat[index + 1])]);
  return params;
}

function unpackDisposition(value: unknown): Disposition | null {
  if (value === null || value === undefined) return null;
  const [type, params] = readList(value);
  return { type: readString(type), params: unpackParams(params) };
}

/** `origin`: where the part could start at the earliest. */
export function packPart(part: MimePart, origin: number): unknown[] {
  const { disposition, message } = part;
  const children: unknown[] = [];
  let childOrigin = part.bodyStart;
  for (const child of part.children) {
    children.push(packPart(child, childOrigin));
    childOrigin = child.bodyEnd;
  }
  return withoutTrailingNulls([
    part.headerStart - origin,
    part.bodyStart - part.headerStart,
    part.bodyEnd - part.bodyStart,
    `${part.type}/${part.subtype}`,
    part.encoding,
    part.lines,
    orNull(part.params.flat()),
    disposition === null ? null : withoutTrailingNulls([disposition.type, orNull(disposition.params.flat())]),
    orNull(children),
    message === null ? null : [packEnvelope(message.envelope), packPart(message.structure, part.bodyStart)],
    part.id,
    part.description,
    orNull(part.language),
    part.location,
    part.md5,
  ]);
}

export function unpackPart(value: unknown, origin: number): MimePart {
  const [gap, headerBytes, bodyBytes, media, encoding, lines, params, disposition, children, message, id, description, language, location, md5] = readList(value);
  const headerStart = origin + readCount(gap);
  const bodyStart = headerStart + readCount(headerBytes);
  const mediaType = readString(media);
  const slash = mediaType.indexOf('/');
  return {
    headerStart,
    bodyStart,
    bodyEnd: bodyStart + readCount(bodyBytes),
    lines: readCount(lines),
    type: mediaType.slice(0, slash),
    subtype: mediaType.slice(slash + 1),
    params: unpackParams(params),
    id: readText(id),
    description: readText(description),
    encoding: readString(encoding),
    md5: readText(md5),
    disposition: unpackDisposition(disposition),
    language: readListOrNone(language).map(readString),
    location: readText(location),
    children: unpackChildren(readListOrNone(children), bodyStart),
    message: message === null || message === undefined ? null : unpackMessage(readList(message), bodyStart),
  };
}

function unpackChildren(values: readonly unknown[], origin: number): MimePart[] {
  const children: MimePart[] = [];
  for (const value of values) children.push(unpackPart(value, children.at(-1)?.bodyEnd ?? origin));
  return children;
}

function unpackMessage([envelope, structure]: readonly unknown[], origin: number): MimePart['message'] {
  return { envelope: unpackEnvelope(envelope), structure: unpackPart(structure, origin) };
}

// Sender and Reply-To are nearly always From's addresses (RFC 3501 §7.4.2).
const SAME_AS_FROM = 0;

function packAddresses(addresses: readonly Address[]): unknown[] | null {
  return orNull(addresses.flatMap(({ name, route, mailbox, host }) => [mailbox, host, name, route])) as unknown[] | null;
}

function unpackAddresses(value: unknown): Address[] {
  const flat = readListOrNone(value);
  const addresses: Address[] = [];
  for (let index = 0; index < flat.length; index += 4) {
    addresses.push({ name: readText(flat[index + 2]), route: readText(flat[index + 3]), mailbox: readText(flat[index]), host: readText(flat[index + 1]) });
  }
  return addresses;
}

export function packEnvelope({ date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId }: Envelope): unknown[] {
  const unlessFrom = (addresses: readonly Address[]): unknown => (addresses === from ? SAME_AS_FROM : packAddresses(addresses));
  return withoutTrailingNulls([
    date, subject, packAddresses(from), unlessFrom(sender), unlessFrom(replyTo), packAddresses(to), messageId, inReplyTo, packAddresses(cc), packAddresses(bcc),
  ]);
}

export function unpackEnvelope(value: unknown): Envelope {
  const [date, subject, packedFrom, sender, replyTo, to, messageId, inReplyTo, cc, bcc] = readList(value);
  const from = unpackAddresses(packedFrom);
  const orFrom = (packed: unknown): Address[] => (packed === SAME_AS_FROM ? from : unpackAddresses(packed));
  return {
    date: readText(date),
    subject: readText(subject),
    from,
    sender: orFrom(sender),
    replyTo: orFrom(replyTo),
    to: unpackAddresses(to),
    cc: unpackAddresses(cc),
    bcc: unpackAddresses(bcc),
    inReplyTo: readText(inReplyTo),
    messageId: readText(messageId),
  };
}
