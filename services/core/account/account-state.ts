// The fold of an account's log: everything that an IMAP or POP3 command may ask for. Immutable.
import type { MailboxId, UidValidity } from '../runtime/numbers';
import { FolderTree, type Folder } from './folder-tree';
import type { Mailbox } from './mailbox';
import { NameSet } from './name-set';
import { SeenIds } from './seen-ids';

/** A mailbox that gave UIDs and is gone, newest first; each version shares the older part. It may come back from an export. */
export interface GoneMailbox {
  readonly uidValidity: UidValidity;
  readonly uidNext: number;
  readonly older: GoneMailbox | null;
}

export interface AccountState {
  /** As it was when the account was made; '' before its first record. */
  readonly login: string;
  readonly disabled: boolean;
  readonly deleted: boolean;
  /** Null: no limit. */
  readonly quotaBytes: number | null;
  readonly quotaMessages: number | null;
  /** Of all mailboxes together. */
  readonly usedBytes: number;
  readonly usedMessages: number;
  readonly tree: FolderTree;
  /** By mailbox id; index 0 and those of emptied or deleted mailboxes are null. The next id is the length. */
  readonly mailboxes: readonly (Mailbox | null)[];
  /** Names, whether or not they exist (RFC 3501 §6.3.6). */
  readonly subscriptions: NameSet;
  /** The dictionary of keywords: only ever grows. */
  readonly keywords: readonly string[];
  readonly deliveryIds: SeenIds;
  readonly gone: GoneMailbox | null;
  /** Of every mailbox that the account ever had. */
  readonly highestUidValidity: number;
  /** No mod-sequence of a later entry is below it; 0 until one is raised. */
  readonly modSeqBase: number;
  /** The latest commit time: the log's own clock. */
  readonly timeMs: number;
}

export const emptyAccount: AccountState = {
  login: '',
  disabled: false,
  deleted: false,
  quotaBytes: null,
  quotaMessages: null,
  usedBytes: 0,
  usedMessages: 0,
  tree: FolderTree.empty,
  mailboxes: [null],
  subscriptions: NameSet.empty,
  keywords: [],
  deliveryIds: SeenIds.empty,
  gone: null,
  highestUidValidity: 0,
  modSeqBase: 0,
  timeMs: 0,
};

export interface NamedMailbox {
  readonly folder: Folder;
  readonly mailbox: Mailbox;
}

/** The first UID that no mailbox of this UIDVALIDITY that is gone has given. */
export function uidNextOfGone(state: AccountState, uidValidity: UidValidity): number {
  let uidNext = 1;
  for (let { gone } = state; gone !== null; gone = gone.older) if (gone.uidValidity === uidValidity) uidNext = Math.max(uidNext, gone.uidNext);
  return uidNext;
}

/** The selectable mailbox with this full name. */
export function findMailbox(state: AccountState, fullName: string): NamedMailbox | undefined {
  const folder = state.tree.find(fullName);
  const mailbox = folder && mailboxById(state, folder.id);
  return mailbox ? { folder, mailbox } : undefined;
}

export function mailboxById(state: AccountState, id: MailboxId): Mailbox | undefined {
  return state.mailboxes[id] ?? undefined;
}
