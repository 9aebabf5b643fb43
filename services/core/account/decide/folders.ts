// CREATE, DELETE, RENAME, SUBSCRIBE: RFC 3501 §6.3.3–§6.3.7.
import { Refusal } from '../../runtime/errors';
import { limits } from '../../runtime/limits';
import { asMailboxId, asUidValidity, type MailboxId, type UidValidity } from '../../runtime/numbers';
import { findMailbox, type AccountState } from '../account-state';
import { SEPARATOR, type Folder } from '../folder-tree';
import type { AccountRecord, SpecialUse } from '../record';
import { requireLiving, type Decide } from './decision';
import { requireName } from './folder-name';

const INBOX = 'INBOX';

/** Names that are made for those below them alone (RFC 3501 §6.3.3, \Noselect). */
export type BareNames = ReadonlySet<string>;
const noBareNames: BareNames = new Set();

/** Collects the facts of one command that makes mailboxes: ids and UIDVALIDITYs follow each other. */
export class Making {
  readonly records: AccountRecord[] = [];
  private made = 0;

  constructor(
    private readonly state: AccountState,
    private readonly timeMs: number,
  ) {}

  /** `adopted`: the UIDVALIDITY that it had at the server that it comes from. */
  create(parent: MailboxId | 0, name: string, specialUse: SpecialUse | null = null, adopted: UidValidity | null = null): MailboxId {
    const mailbox = asMailboxId(this.state.mailboxes.length + this.made);
    // Law 9: never lower than any that this login ever had, and above the clock's seconds where that is possible.
    const uidValidity = asUidValidity(Math.max(Math.floor(this.timeMs / 1000), this.state.highestUidValidity + 1) + this.made);
    this.made += 1;
    if (this.state.tree.size + this.made > limits.mailboxes) throw new Refusal('LIMIT', `an account may have ${limits.mailboxes} mailboxes`);
    this.records.push({ kind: 'mailboxCreated', mailbox, parent, name, uidValidity: adopted ?? uidValidity, specialUse, isAdopted: adopted !== null });
    return mailbox;
  }

  /**
   * The parent of `fullName`, made with all that is missing above it: mail under \Noselect parents gets lost in some clients.
   * Those among `bareNames` are made without messages. `inbox`: the new INBOX, if this command makes one.
   */
  parentOf(fullName: string, bareNames: BareNames, inbox?: MailboxId): MailboxId | 0 {
    const parts = fullName.split(SEPARATOR).slice(0, -1);
    let parent: MailboxId | 0 = 0;
    let path = '';
    for (const part of parts) {
      path = path === '' ? part : path + SEPARATOR + part;
      const isInbox = inbox !== undefined && path === INBOX;
      const known = isInbox ? inbox : this.state.tree.find(path)?.id;
      parent = known ?? this.create(parent, part);
      if (known === undefined && bareNames.has(path)) this.records.push({ kind: 'mailboxEmptied', mailbox: parent });
    }
    return parent;
  }

  /** What was below another mailbox hangs on `parent` from now on. */
  rehang(children: readonly Folder[], parent: MailboxId): void {
    for (const { id, name } of children) this.records.push({ kind: 'mailboxRenamed', mailbox: id, parent, name });
  }

  /** `mailbox`, made in its place, has the name and the children of `folder` from now on. */
  replace(folder: Folder, mailbox: MailboxId): void {
    this.rehang(this.state.tree.childrenOf(folder.id), mailbox);
    this.records.push({ kind: 'mailboxDeleted', mailbox: folder.id });
  }

  /** Names without messages vanish with their last child. */
  dropEmptyParents(folder: Folder): void {
    let lost = folder.id;
    for (let at = folder.parent; at !== 0; ) {
      const name = at;
      const parent = this.state.tree.get(name);
      const isKept = this.state.tree.childrenOf(name).some(({ id }) => id !== lost) || this.records.some((record) => 'parent' in record && record.parent === name);
      if (!parent || parent.selectable || isKept) return;
      this.records.push({ kind: 'mailboxDeleted', mailbox: at });
      [lost, at] = [parent.id, parent.parent];
    }
  }
}

/** Makes it with all that is missing above it. Refuses with ALREADYEXISTS, CANNOT, LIMIT. */
export function createMailbox(fullName: string, bareNames = noBareNames): Decide<MailboxId> {
  return (state, timeMs) => {
    requireLiving(state);
    requireName(fullName);
    const existing = state.tree.find(fullName);
    if (existing?.selectable) throw new Refusal('ALREADYEXISTS', 'the mailbox exists');
    const making = new Making(state, timeMs);
    const parent = making.parentOf(fullName, bareNames);
    const mailbox = making.create(parent, lastPart(fullName));
    if (existing) making.replace(existing, mailbox);
    return { change: making.records, result: mailbox };
  };
}

/** Refuses with NONEXISTENT, CANNOT (INBOX), or without a code what is only a name for its children. */
export function deleteMailbox(fullName: string): Decide<void> {
  return (state, timeMs) => {
    requireLiving(state);
    const folder = state.tree.find(fullName);
    if (!folder) throw new Refusal('NONEXISTENT', 'no such mailbox');
    if (fullName === INBOX) throw new Refusal('CANNOT', 'INBOX cannot be deleted');
    const hasChildren = state.tree.hasChildren(folder.id);
    if (hasChildren && !folder.selectable) throw new Refusal(null, 'the mailbox is only a name for those below it: delete them first');
    const making = new Making(state, timeMs);
    making.records.push({ kind: hasChildren ? 'mailboxEmptied' : 'mailboxDeleted', mailbox: folder.id });
    if (!hasChildren) making.dropEmptyParents(folder);
    return { change: making.records, result: undefined };
  };
}

/**
 * Renames a mailbox with everything below it. INBOX gives its messages to the new name and stays, empty and with a new UIDVALIDITY;
 * what is below INBOX stays there (RFC 3501 §6.3.5). Refuses with NONEXISTENT, ALREADYEXISTS, CANNOT, LIMIT.
 */
export function renameMailbox(fromName: string, toName: string): Decide<void> {
  return (state, timeMs) => {
    requireLiving(state);
    const folder = state.tree.find(fromName);
    if (!folder) throw new Refusal('NONEXISTENT', 'no such mailbox');
    requireName(toName);
    if (state.tree.find(toName)) throw new Refusal('ALREADYEXISTS', 'a mailbox with the new name exists');
    const making = new Making(state, timeMs);
    if (fromName === INBOX) {
      const inbox = making.create(0, INBOX);
      making.rehang(state.tree.childrenOf(folder.id), inbox);
      const parent = making.parentOf(toName, noBareNames, inbox);
      making.records.push({ kind: 'mailboxRenamed', mailbox: folder.id, parent, name: lastPart(toName) });
    } else {
      if (toName.startsWith(fromName + SEPARATOR)) throw new Refusal('CANNOT', 'a mailbox cannot be moved below itself');
      for (const [name] of state.tree.walk(folder.id)) requireName(toName + SEPARATOR + name);
      const parent = making.parentOf(toName, noBareNames);
      making.records.push({ kind: 'mailboxRenamed', mailbox: folder.id, parent, name: lastPart(toName) });
      if (parent !== folder.parent) making.dropEmptyParents(folder);
    }
    return { change: making.records, result: undefined };
  };
}

/** A subscription is a name of its own: the mailbox need not exist, then or later. Refuses with LIMIT, CANNOT. */
export function subscribe(fullName: string): Decide<void> {
  return (state) => {
    requireLiving(state);
    requireName(fullName);
    if (state.subscriptions.has(fullName)) return { change: null, result: undefined };
    if (state.subscriptions.size >= limits.subscriptions) throw new Refusal('LIMIT', `an account may have ${limits.subscriptions} subscriptions`);
    return { change: [{ kind: 'subscribed', name: fullName }], result: undefined };
  };
}

export function unsubscribe(fullName: string): Decide<void> {
  return (state) => {
    requireLiving(state);
    const change: AccountRecord[] | null = state.subscriptions.has(fullName) ? [{ kind: 'unsubscribed', name: fullName }] : null;
    return { change, result: undefined };
  };
}

const firstMailboxes: readonly (readonly [string, SpecialUse | null])[] = [
  [INBOX, null],
  ['Archive', '\\Archive'],
  ['Drafts', '\\Drafts'],
  ['Junk', '\\Junk'],
  ['Sent', '\\Sent'],
  ['Trash', '\\Trash'],
];

/** The first change of an account's log. `highestUidValidity`: of the accounts that the login had before. */
export function createAccount(login: string, quotaBytes: number | null, highestUidValidity: number, quotaMessages: number | null = null): Decide<void> {
  return (state, timeMs) => {
    requireLiving(state);
    if (findMailbox(state, INBOX)) return { change: null, result: undefined };
    const making = new Making({ ...state, highestUidValidity }, timeMs);
    making.records.push({ kind: 'accountCreated', login });
    if (quotaBytes !== null || quotaMessages !== null) making.records.push({ kind: 'quotaSet', quotaBytes, quotaMessages });
    for (const [name, specialUse] of firstMailboxes) {
      making.create(0, name, specialUse);
      making.records.push({ kind: 'subscribed', name });
    }
    return { change: making.records, result: undefined };
  };
}

/** A session that has the account open ends when it sees this. */
export function disableAccount(disabled: boolean): Decide<void> {
  return (state) => {
    requireLiving(state);
    return { change: state.disabled === disabled ? null : [{ kind: 'accountDisabled', disabled }], result: undefined };
  };
}

/** The last change of an account's log: every writer that knows less loses its race against it. The result: its highest UIDVALIDITY. */
export function deleteAccount(): Decide<number> {
  return (state) => ({ change: state.deleted ? null : [{ kind: 'accountDeleted' }], result: state.highestUidValidity });
}

export type Quota = Pick<AccountState, 'quotaBytes' | 'quotaMessages'>;

/** Changes what is named of the quota; null: no limit. */
export function setQuota(edit: Partial<Quota>): Decide<void> {
  return (state) => {
    requireLiving(state);
    const { quotaBytes = state.quotaBytes, quotaMessages = state.quotaMessages } = edit;
    const isSame = quotaBytes === state.quotaBytes && quotaMessages === state.quotaMessages;
    return { change: isSame ? null : [{ kind: 'quotaSet', quotaBytes, quotaMessages }], result: undefined };
  };
}

/** Of a full name. */
export function lastPart(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf(SEPARATOR) + 1);
}

/** The mailbox that has the name INBOX now: after RENAME INBOX another one than before. */
export function inboxId(state: AccountState): MailboxId | undefined {
  return state.tree.find(INBOX)?.id;
}
