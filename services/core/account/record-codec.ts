// Changes as bytes: MessagePack arrays, a code first. docs/log-protocol.md, "Records". A code is never reused.
import { decode, encode } from '@msgpack/msgpack';
import { Damaged } from '../runtime/errors';
import { asMailboxId, asUid, asUidValidity, type MailboxId } from '../runtime/numbers';
import type { AccountChange, AccountRecord, NewMessage, SpecialUse } from './record';
import { UidSet } from './uid-set';

type Fields = readonly unknown[];

/** What MessagePack puts before a list, a text or bytes, at most. */
const HEAD_BYTES = 5;

const codes = {
  accountCreated: 1,
  accountDisabled: 2,
  accountDeleted: 3,
  quotaSet: 4,
  modSeqRaised: 5,
  mailboxCreated: 10,
  mailboxRenamed: 11,
  mailboxEmptied: 12,
  mailboxDeleted: 13,
  subscribed: 14,
  unsubscribed: 15,
  uidsSkipped: 16,
  keywordsAdded: 20,
  added: 21,
  flagged: 22,
  expunged: 23,
  delivered: 24,
} as const satisfies Record<AccountRecord['kind'], number>;

const kinds = new Map<unknown, AccountRecord['kind']>(Object.entries(codes).map(([kind, code]) => [code, kind as AccountRecord['kind']]));

export function encodeChanges(changes: readonly AccountChange[]): Uint8Array {
  return encode(changes.map((change) => change.map((record) => [codes[record.kind], ...fieldsOf(record)])));
}

/** At least as many bytes as this change has when it is encoded, and not many more. */
export function encodedBytesMax(change: AccountChange): number {
  return HEAD_BYTES + change.reduce((sum, record) => sum + 1 + HEAD_BYTES + bytesMax(fieldsOf(record)), 0);
}

function bytesMax(value: unknown): number {
  if (typeof value === 'number') return value >= 0 && value < 128 ? 1 : value >= 0 && value < 2 ** 32 ? 5 : 9;
  if (typeof value === 'string') return HEAD_BYTES + 3 * value.length; // UTF-8 has at most 3 bytes for what UTF-16 has 2 for.
  if (value instanceof Uint8Array) return HEAD_BYTES + value.length;
  if (!Array.isArray(value)) return 1;
  let sum = HEAD_BYTES;
  for (const item of value as unknown[]) sum += bytesMax(item);
  return sum;
}

/** Throws Damaged on bytes that are no changes. */
export function decodeChanges(stored: Uint8Array): AccountChange[] {
  let decoded: unknown;
  try {
    // A list has no more items than bytes: damaged lengths must not become allocations.
    decoded = decode(stored, { maxArrayLength: stored.length });
  } catch (cause) {
    throw new Damaged('changes are not MessagePack', { cause });
  }
  return list(decoded, (change) => list(change, (record) => recordOf(list(record, (field) => field))));
}

function fieldsOf(record: AccountRecord): Fields {
  switch (record.kind) {
    case 'accountCreated':
      return [record.login];
    case 'accountDisabled':
      return [record.disabled];
    case 'accountDeleted':
      return [];
    case 'quotaSet':
      return [record.quotaBytes, ...(record.quotaMessages === null ? [] : [record.quotaMessages])];
    case 'modSeqRaised':
      return [record.modSeq];
    case 'mailboxCreated':
      return [record.mailbox, record.parent, record.name, record.uidValidity, record.specialUse, ...(record.isAdopted ? [true] : [])];
    case 'mailboxRenamed':
      return [record.mailbox, record.parent, record.name];
    case 'mailboxEmptied':
    case 'mailboxDeleted':
      return [record.mailbox];
    case 'uidsSkipped':
      return [record.mailbox, record.uidNext];
    case 'subscribed':
    case 'unsubscribed':
      return [record.name];
    case 'keywordsAdded':
      return [record.names];
    case 'added':
      return [record.mailbox, record.messages.map(messageFields)];
    case 'flagged':
      return [record.mailbox, record.flag, record.set, record.uids.toDeltas()];
    case 'expunged':
      return [record.mailbox, record.uids.toDeltas()];
    case 'delivered':
      return [record.deliveryId];
  }
}

function recordOf([code, ...fields]: Fields): AccountRecord {
  const kind = kinds.get(code);
  const [a, b, c, d, e, f] = fields;
  switch (kind) {
    case 'accountCreated':
      return { kind, login: text(a) };
    case 'accountDisabled':
      return { kind, disabled: truth(a) };
    case 'accountDeleted':
      return { kind };
    case 'quotaSet':
      return { kind, quotaBytes: a === null ? null : count(a), quotaMessages: b === undefined ? null : count(b) };
    case 'modSeqRaised':
      return { kind, modSeq: count(a) };
    case 'mailboxCreated':
      return {
        kind,
        mailbox: mailbox(a),
        parent: parent(b),
        name: text(c),
        uidValidity: asUidValidity(count(d)),
        specialUse: e === null ? null : (text(e) as SpecialUse),
        isAdopted: f === undefined ? false : truth(f),
      };
    case 'mailboxRenamed':
      return { kind, mailbox: mailbox(a), parent: parent(b), name: text(c) };
    case 'mailboxEmptied':
    case 'mailboxDeleted':
      return { kind, mailbox: mailbox(a) };
    case 'uidsSkipped':
      return { kind, mailbox: mailbox(a), uidNext: count(b) };
    case 'subscribed':
    case 'unsubscribed':
      return { kind, name: text(a) };
    case 'keywordsAdded':
      return { kind, names: list(a, text) };
    case 'added':
      return { kind, mailbox: mailbox(a), messages: list(b, (message) => messageOf(list(message, (field) => field))) };
    case 'flagged':
      return { kind, mailbox: mailbox(a), flag: count(b), set: truth(c), uids: uids(d) };
    case 'expunged':
      return { kind, mailbox: mailbox(a), uids: uids(b) };
    case 'delivered':
      return { kind, deliveryId: bytes(a) };
    case undefined:
      throw new Damaged(`no record has the code ${String(code)}`);
  }
}

function messageFields(message: NewMessage): Fields {
  const { uid, blobId, sizeBytes, internalDateMs, flags, digest, summary, threadKey, emailId, pop3Uidl } = message;
  return [uid, blobId, sizeBytes, internalDateMs, flags, digest, summary, threadKey, emailId, ...(pop3Uidl === null ? [] : [pop3Uidl])];
}

function messageOf([uid, blobId, sizeBytes, internalDateMs, flags, digest, summary, threadKey, emailId, pop3Uidl]: Fields): NewMessage {
  return {
    uid: asUid(count(uid)),
    blobId: bytes(blobId),
    sizeBytes: count(sizeBytes),
    internalDateMs: integer(internalDateMs),
    flags: list(flags, count),
    digest: bytes(digest),
    summary: bytes(summary),
    threadKey: threadKey === null ? null : bytes(threadKey),
    emailId: emailId === null ? null : bytes(emailId),
    pop3Uidl: pop3Uidl === undefined ? null : text(pop3Uidl),
  };
}

function list<T>(value: unknown, read: (item: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new Damaged('a record has no list where one belongs');
  return value.map(read);
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Damaged('a record has no text where some belongs');
  return value;
}

function truth(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Damaged('a record has no truth value where one belongs');
  return value;
}

function integer(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new Damaged('a record has no whole number where one belongs');
  return value as number;
}

function count(value: unknown): number {
  const number = integer(value);
  if (number < 0) throw new Damaged('a record has a negative number');
  return number;
}

function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Damaged('a record has no bytes where some belong');
  return value;
}

function uids(value: unknown): UidSet {
  const set = UidSet.fromDeltas(list(value, count));
  if (!set) throw new Damaged('a record has UIDs out of order');
  return set;
}

const mailbox = (value: unknown): MailboxId => asMailboxId(count(value));
const parent = (value: unknown): MailboxId | 0 => count(value) as MailboxId | 0;
