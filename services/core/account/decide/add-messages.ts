// APPEND, delivery and import: new bodies, already stored, come into a mailbox.
import { Refusal } from '../../runtime/errors';
import { limits } from '../../runtime/limits';
import { asUid, type MailboxId, type Uid, type UidValidity } from '../../runtime/numbers';
import type { AccountState } from '../account-state';
import type { Mailbox } from '../mailbox';
import type { AccountRecord, NewMessage } from '../record';
import { requireLiving, requireTarget, type Decide } from './decision';
import { knowFlags } from './keywords';

/** A message whose body is durable, before it has a UID. */
export interface IncomingMessage extends Omit<NewMessage, 'uid' | 'flags' | 'internalDateMs' | 'emailId' | 'pop3Uidl'> {
  readonly flags: readonly string[];
  /** Null: the moment of the commit. */
  readonly internalDateMs: number | null;
  /** Only imports bring one. */
  readonly pop3Uidl?: string | null;
}

export interface Added {
  readonly mailbox: MailboxId;
  readonly uidValidity: UidValidity;
  readonly uids: readonly Uid[];
}

/**
 * Adds `messages`, all or none, to the mailbox named `fullName`. With a `deliveryId` (16 bytes) that the account has seen in the
 * last days nothing happens, and the result is null. Refuses with TRYCREATE, OVERQUOTA, LIMIT.
 */
export function addMessages(fullName: string, messages: readonly IncomingMessage[], deliveryId: Uint8Array | null = null): Decide<Added | null> {
  return (state, timeMs) => {
    requireLiving(state);
    // First of all: a repeated delivery was taken, whatever has become of the mailbox since.
    if (deliveryId && state.deliveryIds.has(deliveryId)) return { change: null, result: null };
    const { mailbox } = requireTarget(state, fullName);
    requireQuota(state, messages);
    requireRoom(mailbox, messages.length);
    const { learnt, flagsOf } = learnAll(state, messages);
    const added = messages.map((message, k): NewMessage => ({
      uid: asUid(mailbox.freeUid + k),
      blobId: message.blobId,
      sizeBytes: message.sizeBytes,
      internalDateMs: message.internalDateMs ?? timeMs,
      flags: flagsOf(message),
      digest: message.digest,
      summary: message.summary,
      threadKey: message.threadKey,
      emailId: null,
      pop3Uidl: message.pop3Uidl ?? null,
    }));
    const change: AccountRecord[] = [...learnt, { kind: 'added', mailbox: mailbox.id, messages: added }];
    if (deliveryId) change.push({ kind: 'delivered', deliveryId });
    return { change, result: { mailbox: mailbox.id, uidValidity: mailbox.uidValidity, uids: added.map(({ uid }) => uid) } };
  };
}

function learnAll(state: AccountState, messages: readonly IncomingMessage[]) {
  const { learnt } = knowFlags(state, messages.flatMap(({ flags }) => flags));
  const keywords = learnt.flatMap((record) => (record.kind === 'keywordsAdded' ? record.names : []));
  const taught = { ...state, keywords: [...state.keywords, ...keywords] };
  return { learnt, flagsOf: (message: IncomingMessage) => knowFlags(taught, message.flags).flags };
}

/**
 * Refuses with OVERQUOTA if the messages do not fit, in octets or in number (RFC 9208 §4.3.1). `allowance` lets COPY into \Trash pass
 * a little over: clients without MOVE delete that way, and must be able to when the account is full.
 */
export function requireQuota(state: AccountState, messages: Iterable<{ readonly sizeBytes: number }>, allowance = 1): void {
  const { quotaBytes, quotaMessages, usedBytes, usedMessages } = state;
  if (quotaBytes === null && quotaMessages === null) return;
  let bytes = 0;
  let count = 0;
  for (const { sizeBytes } of messages) {
    bytes += sizeBytes;
    count += 1;
  }
  if (exceeds(usedBytes + bytes, quotaBytes, allowance)) throw new Refusal('OVERQUOTA', 'the account is full');
  if (exceeds(usedMessages + count, quotaMessages, allowance)) throw new Refusal('OVERQUOTA', 'the account holds as many messages as it may');
}

/** Whether the account holds more than its quota: what was lowered, or went to \Trash with an allowance. */
export function isOverQuota({ quotaBytes, quotaMessages, usedBytes, usedMessages }: AccountState): boolean {
  return exceeds(usedBytes, quotaBytes, 1) || exceeds(usedMessages, quotaMessages, 1);
}

function exceeds(used: number, quota: number | null, allowance: number): boolean {
  return quota !== null && used > quota * allowance;
}

/** Refuses with LIMIT what would make the mailbox too large, or its UIDs. */
export function requireRoom(mailbox: Mailbox, count: number): void {
  if (mailbox.exists + count > limits.messagesPerMailbox) throw new Refusal('LIMIT', `a mailbox may hold ${limits.messagesPerMailbox} messages`);
  if (mailbox.freeUid + count > limits.uidMax) throw new Refusal('LIMIT', 'the mailbox has used all its UIDs; move its messages to a new one');
}
