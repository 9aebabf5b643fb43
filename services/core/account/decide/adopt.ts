// A mailbox that comes from another server with its UIDVALIDITY and UIDs, so that its clients keep what they have (law: an import keeps
// them only in a mailbox that it makes). The mod-sequence base is raised first, in an entry of its own (N5): whatever a client knows
// from there is older than all it finds here.
import { Refusal } from '../../runtime/errors';
import { limits } from '../../runtime/limits';
import { asUid, type MailboxId, type Uid, type UidValidity } from '../../runtime/numbers';
import { mailboxById, type AccountState } from '../account-state';
import type { Mailbox } from '../mailbox';
import type { AccountRecord } from '../record';
import { addMessages, type Added, type IncomingMessage } from './add-messages';
import { requireLiving, requireTarget, type Decide } from './decision';
import { requireName } from './folder-name';
import { lastPart, Making, type BareNames } from './folders';

/** What the mailbox was where it comes from. */
export interface FormerMailbox {
  readonly uidValidity: UidValidity;
  readonly uidNext: number;
}

/** Mailboxes that are made later have higher ones, and all must stay below 2^32 (RFC 3501 §9, nz-number). */
const UIDVALIDITY_MAX = 2 ** 32 - 1_000_000;

/** Raises the mod-sequence base to the wall clock's milliseconds: above what any server can have counted up to (ADR 4). */
export function raiseModSeq(): Decide<void> {
  return (state, timeMs) => {
    requireLiving(state);
    return { change: state.modSeqBase >= timeMs ? null : [{ kind: 'modSeqRaised', modSeq: timeMs }], result: undefined };
  };
}

/** Whether the mailbox of this name is `former` already: an import that was cut off goes on there. */
export function isAdopted(state: AccountState, fullName: string, { uidValidity }: FormerMailbox): boolean {
  const folder = state.tree.find(fullName);
  const mailbox = folder && mailboxById(state, folder.id);
  return mailbox !== undefined && mailbox.isAdopted && mailbox.uidValidity === uidValidity;
}

/**
 * Makes the mailbox, also in the place of one that never had a message: its special use stays, and what is below it. Changes nothing
 * where it was adopted before. Refuses with ALREADYEXISTS, CANNOT, LIMIT.
 */
export function adoptMailbox(fullName: string, former: FormerMailbox, bareNames: BareNames): Decide<void> {
  return (state, timeMs) => {
    requireLiving(state);
    requireName(fullName);
    if (isAdopted(state, fullName, former)) return { change: null, result: undefined };
    if (former.uidValidity > UIDVALIDITY_MAX) throw new Refusal('LIMIT', `the UIDVALIDITY of ${fullName}, ${former.uidValidity}, leaves none for mailboxes made later`);
    const existing = state.tree.find(fullName);
    if (existing && hadMessages(state, existing.id)) {
      throw new Refusal('ALREADYEXISTS', `${fullName} has had messages of its own, so it cannot take the UIDs of another mailbox`);
    }
    const making = new Making(state, timeMs);
    const parent = making.parentOf(fullName, bareNames);
    const mailbox = making.create(parent, lastPart(fullName), existing?.specialUse ?? null, former.uidValidity);
    if (existing) making.replace(existing, mailbox);
    return { change: making.records, result: undefined };
  };
}

/**
 * Adds a message with the UID that it had; null: none yet, so one above all that were given. A delivery that the account knows changes
 * nothing, and the result is null. Refuses as addMessages does, and with CANNOT where the UID is no longer free.
 */
export function adoptMessage(fullName: string, former: FormerMailbox, uid: Uid | null, message: IncomingMessage, deliveryId: Uint8Array): Decide<Added | null> {
  return (state, timeMs) => {
    const { change, result } = addMessages(fullName, [message], deliveryId)(state, timeMs);
    if (!change || !result) return { change, result };
    const mailbox = requireAdopted(state, fullName, former);
    const uids = [uid === null ? newUid(mailbox, fullName, former) : ownUid(mailbox, fullName, uid)];
    const placed = change.map((record): AccountRecord =>
      record.kind === 'added' ? { ...record, messages: record.messages.map((added, k) => ({ ...added, uid: uids[k]! })) } : record,
    );
    return { change: placed, result: { ...result, uids } };
  };
}

/** Gives UIDNEXT the value that it had: UIDs below it were told to clients there, or here before it was deleted. Refuses with CANNOT, TRYCREATE. */
export function skipUids(fullName: string, former: FormerMailbox): Decide<void> {
  return (state) => {
    const mailbox = requireAdopted(state, fullName, former);
    const uidNext = Math.min(Math.max(mailbox.freeUid, former.uidNext), limits.uidMax);
    return { change: mailbox.uidNext < uidNext ? [{ kind: 'uidsSkipped', mailbox: mailbox.id, uidNext }] : null, result: undefined };
  };
}

function hadMessages(state: AccountState, id: MailboxId): boolean {
  return (mailboxById(state, id)?.uidNext ?? 1) > 1;
}

function requireAdopted(state: AccountState, fullName: string, former: FormerMailbox): Mailbox {
  const { mailbox } = requireTarget(state, fullName);
  if (!isAdopted(state, fullName, former)) throw new Refusal('CANNOT', `${fullName} was made anew while it was imported`);
  return mailbox;
}

function ownUid({ uidNext }: Mailbox, fullName: string, uid: Uid): Uid {
  if (uid < uidNext) throw new Refusal('CANNOT', `UID ${uid} of ${fullName} is given to another message: the mailbox has gone its own way since it was imported`);
  return withinLimit(fullName, uid);
}

function newUid({ freeUid }: Mailbox, fullName: string, { uidNext }: FormerMailbox): Uid {
  return withinLimit(fullName, Math.max(freeUid, uidNext));
}

function withinLimit(fullName: string, uid: number): Uid {
  if (uid > limits.uidMax) throw new Refusal('LIMIT', `${fullName} has used all its UIDs`);
  return asUid(uid);
}
