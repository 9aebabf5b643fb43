// What is given up of hostile mail so that its summary stays within its limit; see summary.ts for the order.
import type { Address } from './address';
import type { Envelope } from './envelope';
import type { MimePart, Parameter } from './mime-part';

interface Shortenable {
  readonly structure: MimePart;
  readonly envelope: Envelope;
}

// Strings and lists of ordinary mail are below SHORT, so that mail with very many parts loses nothing there.
const SHORT = { stringLength: 1_000, addresses: 100, params: 50 };

// Sized so that one envelope and one part fit whatever they hold: 6 lists of 20 addresses of 4 strings, doubled by UTF-8, are 120 KB.
const TINY = { stringLength: 120, addresses: 20, params: 10 };

type Limits = typeof SHORT;

const cut = (text: string, { stringLength }: Limits): string => text.slice(0, stringLength);
const cutOrNull = (text: string | null, limits: Limits): string | null => (text === null ? null : cut(text, limits));

const isGroupEnd = ({ mailbox, host }: Address): boolean => mailbox === null && host === null;
const isGroupStart = ({ mailbox, host }: Address): boolean => mailbox !== null && host === null;

function cutAddresses(addresses: readonly Address[], limits: Limits): readonly Address[] {
  const kept = addresses.slice(0, limits.addresses).map(({ name, route, mailbox, host }): Address => ({
    name: cutOrNull(name, limits), route: cutOrNull(route, limits), mailbox: cutOrNull(mailbox, limits), host: cutOrNull(host, limits),
  }));
  // A group that was cut in two is closed again.
  if (kept.findLastIndex(isGroupStart) > kept.findLastIndex(isGroupEnd)) kept.push({ name: null, route: null, mailbox: null, host: null });
  return kept;
}

function cutEnvelope(envelope: Envelope, limits: Limits): Envelope {
  const from = cutAddresses(envelope.from, limits);
  const orFrom = (addresses: readonly Address[]): readonly Address[] => (addresses === envelope.from ? from : cutAddresses(addresses, limits));
  return {
    date: cutOrNull(envelope.date, limits),
    subject: cutOrNull(envelope.subject, limits),
    from,
    sender: orFrom(envelope.sender),
    replyTo: orFrom(envelope.replyTo),
    to: cutAddresses(envelope.to, limits),
    cc: cutAddresses(envelope.cc, limits),
    bcc: cutAddresses(envelope.bcc, limits),
    inReplyTo: cutOrNull(envelope.inReplyTo, limits),
    messageId: cutOrNull(envelope.messageId, limits),
  };
}

function cutParams(params: readonly Parameter[], limits: Limits): Parameter[] {
  return params.slice(0, limits.params).map(([name, value]) => [cut(name, limits), cut(value, limits)]);
}

function cutPart(part: MimePart, limits: Limits): MimePart {
  const { disposition, message } = part;
  return {
    ...part,
    type: cut(part.type, limits),
    subtype: cut(part.subtype, limits),
    params: cutParams(part.params, limits),
    id: cutOrNull(part.id, limits),
    description: cutOrNull(part.description, limits),
    encoding: cut(part.encoding, limits),
    md5: cutOrNull(part.md5, limits),
    disposition: disposition === null ? null : { type: cut(disposition.type, limits), params: cutParams(disposition.params, limits) },
    language: part.language.slice(0, limits.params).map((tag) => cut(tag, limits)),
    location: cutOrNull(part.location, limits),
    children: part.children.map((child) => cutPart(child, limits)),
    message: message === null ? null : { envelope: cutEnvelope(message.envelope, limits), structure: cutPart(message.structure, limits) },
  };
}

/** Long strings, address lists and parameter lists are cut; every part keeps its place. */
export function shortened<T extends Shortenable>(summary: T): T {
  return { ...summary, envelope: cutEnvelope(summary.envelope, SHORT), structure: cutPart(summary.structure, SHORT) };
}

/** All is cut short, and one part of type application/octet-stream stands for the message's body. */
export function collapsed<T extends Shortenable>(summary: T): T {
  const root: MimePart = { ...summary.structure, type: 'application', subtype: 'octet-stream', params: [], lines: 0, children: [], message: null };
  return { ...summary, envelope: cutEnvelope(summary.envelope, TINY), structure: cutPart(root, TINY) };
}
