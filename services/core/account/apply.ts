// What each fact means. Total: a fact that fits the state is never refused; one that does not is damage (Damaged).
import type { TotalsRow } from '../log/entry';
import type { ChangeTime, Machine } from '../log/machine';
import { Damaged } from '../runtime/errors';
import { limits } from '../runtime/limits';
import type { MailboxId } from '../runtime/numbers';
import { emptyAccount, mailboxById, uidNextOfGone, type AccountState } from './account-state';
import { FIRST_KEYWORD, type FlagNumber } from './flag';
import type { Folder } from './folder-tree';
import { Mailbox } from './mailbox';
import type { AccountChange, AccountRecord } from './record';
import { decodeChanges, encodeChanges, encodedBytesMax } from './record-codec';

/** Half of what a number holds exactly: above it there is room for all changes that can ever come. */
const MOD_SEQ_BASE_MAX = 2 ** 52;

/** How the log of an account folds. */
export const accountMachine: Machine<AccountState, AccountChange> = {
  initial: emptyAccount,
  apply: (state, change, at) =>
    change.reduce((before, record) => applyRecord(before, record, at), { ...state, timeMs: Math.max(state.timeMs, at.timeMs) }),
  totals: totalsOf,
  modSeqBase: ({ modSeqBase }) => modSeqBase,
  encode: encodeChanges,
  encodedBytesMax,
  decode: decodeChanges,
};

function applyRecord(state: AccountState, record: AccountRecord, at: ChangeTime): AccountState {
  if (state.deleted) throw new Damaged('a fact follows the end of the account');
  switch (record.kind) {
    case 'accountCreated':
      return { ...state, login: record.login };
    case 'accountDisabled':
      return { ...state, disabled: record.disabled };
    case 'accountDeleted':
      return { ...state, deleted: true };
    case 'quotaSet':
      return { ...state, quotaBytes: record.quotaBytes, quotaMessages: record.quotaMessages };
    case 'modSeqRaised':
      if (record.modSeq > MOD_SEQ_BASE_MAX) throw new Damaged(`mod-sequences are raised to ${record.modSeq}`);
      return { ...state, modSeqBase: Math.max(state.modSeqBase, record.modSeq) };
    case 'mailboxCreated': {
      const { mailbox, parent, name, uidValidity, specialUse, isAdopted } = record;
      if (mailbox !== state.mailboxes.length) throw new Damaged(`mailbox ${mailbox} is made after ${state.mailboxes.length - 1}`);
      if (parent !== 0) folderOf(state, parent);
      const made = Mailbox.created(mailbox, uidValidity, at.modSeq, isAdopted ? { givenBelow: uidNextOfGone(state, uidValidity) } : null);
      return {
        ...state,
        tree: state.tree.with({ id: mailbox, parent, name, specialUse, selectable: true }),
        mailboxes: [...state.mailboxes, made],
        highestUidValidity: Math.max(state.highestUidValidity, uidValidity),
      };
    }
    case 'mailboxRenamed': {
      const folder = folderOf(state, record.mailbox);
      if (record.parent !== 0) folderOf(state, record.parent);
      return { ...state, tree: state.tree.with({ ...folder, parent: record.parent, name: record.name }) };
    }
    case 'mailboxEmptied': {
      const folder = folderOf(state, record.mailbox);
      return { ...withoutMailbox(state, record.mailbox), tree: state.tree.with({ ...folder, selectable: false, specialUse: null }) };
    }
    case 'mailboxDeleted':
      return { ...withoutMailbox(state, record.mailbox), tree: state.tree.without(folderOf(state, record.mailbox).id) };
    case 'uidsSkipped':
      return withMailbox(state, mailboxOf(state, record.mailbox).withUidNext(record.uidNext));
    case 'subscribed':
      return { ...state, subscriptions: state.subscriptions.with(record.name) };
    case 'unsubscribed':
      return { ...state, subscriptions: state.subscriptions.without(record.name) };
    case 'keywordsAdded':
      if (state.keywords.length + record.names.length > limits.keywords) throw new Damaged(`there are more than ${limits.keywords} keywords`);
      return { ...state, keywords: [...state.keywords, ...record.names] };
    case 'added':
      for (const { flags } of record.messages) for (const flag of flags) requireFlag(state, flag);
      return withMailbox(state, mailboxOf(state, record.mailbox).withAdded(record.messages, at.modSeq, at.timeMs));
    case 'flagged':
      requireFlag(state, record.flag);
      return withMailbox(state, mailboxOf(state, record.mailbox).withFlag(record.flag, record.set, record.uids, at.modSeq));
    case 'expunged':
      return withMailbox(state, mailboxOf(state, record.mailbox).withExpunged(record.uids, at.modSeq));
    case 'delivered':
      return { ...state, deliveryIds: state.deliveryIds.with(record.deliveryId, state.timeMs) };
  }
}

function folderOf(state: AccountState, id: MailboxId): Folder {
  const folder = state.tree.get(id);
  if (!folder) throw new Damaged(`there is no mailbox ${id}`);
  return folder;
}

/** A number that the dictionary does not have would be a bit of another message. */
function requireFlag({ keywords }: AccountState, flag: FlagNumber): void {
  if (flag >= FIRST_KEYWORD + keywords.length) throw new Damaged(`there is no flag ${flag}`);
}

function mailboxOf(state: AccountState, id: MailboxId): Mailbox {
  const mailbox = mailboxById(state, id);
  if (!mailbox) throw new Damaged(`there is no selectable mailbox ${id}`);
  return mailbox;
}

function withMailbox(state: AccountState, mailbox: Mailbox): AccountState {
  return replaceMailbox(state, mailbox.id, mailbox);
}

function withoutMailbox(state: AccountState, id: MailboxId): AccountState {
  const mailbox = mailboxById(state, id);
  const hasGiven = mailbox !== undefined && mailbox.uidNext > 1;
  const gone = hasGiven ? { uidValidity: mailbox.uidValidity, uidNext: mailbox.uidNext, older: state.gone } : state.gone;
  return { ...replaceMailbox(state, id, null), gone };
}

function replaceMailbox(state: AccountState, id: MailboxId, mailbox: Mailbox | null): AccountState {
  const before = mailboxById(state, id)?.totals;
  const usedBytes = state.usedBytes + (mailbox?.totals.bytes ?? 0) - (before?.bytes ?? 0);
  const usedMessages = state.usedMessages + (mailbox?.exists ?? 0) - (before?.exists ?? 0);
  return { ...state, usedBytes, usedMessages, mailboxes: state.mailboxes.with(id, mailbox) };
}

function totalsOf(state: AccountState, changes: readonly AccountChange[]): TotalsRow[] {
  const named = new Set<MailboxId>();
  for (const change of changes) for (const record of change) if ('mailbox' in record) named.add(record.mailbox);
  return [...named].map((id) => mailboxById(state, id)?.totalsRow).filter((row) => row !== undefined);
}
