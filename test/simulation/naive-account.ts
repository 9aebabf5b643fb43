// The oracle's own fold: plain objects, slow and simple, written apart from the production fold. It shares only the record codec.
import type { AccountChange, AccountRecord } from '../../services/core/account/record';
import { hexOf } from './hex';
import { Violation } from './history';

export interface NaiveMessage {
  readonly uid: number;
  readonly blob: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly dateMs: number;
  /** Names. */
  readonly flags: Set<string>;
  modSeq: number;
}

export interface NaiveMailbox {
  readonly id: number;
  readonly uidValidity: number;
  uidNext: number;
  highestModSeq: number;
  /** By UID, in the order in which they came. */
  readonly messages: Map<number, NaiveMessage>;
  readonly expunged: Map<number, number>;
}

interface NaiveFolder {
  parent: number;
  name: string;
  specialUse: string | null;
}

const systemFlags = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'];

export class NaiveAccount {
  login = '';
  disabled = false;
  deleted = false;
  quotaBytes: number | null = null;
  quotaMessages: number | null = null;
  mailboxesMade = 0;
  nextModSeq = 1;
  readonly folders = new Map<number, NaiveFolder>();
  readonly mailboxes = new Map<number, NaiveMailbox>();
  readonly uidValidities = new Set<number>();
  readonly subscriptions = new Set<string>();
  readonly keywords: string[] = [];
  readonly deliveryIds = new Set<string>();

  get usedBytes(): number {
    return [...this.mailboxes.values()].reduce((sum, { messages }) => sum + bytesOf([...messages.values()]), 0);
  }

  get usedMessages(): number {
    return [...this.mailboxes.values()].reduce((sum, { messages }) => sum + messages.size, 0);
  }

  /** Full name → the mailbox's number, or null for a name without messages. */
  tree(): Map<string, number | null> {
    const nameOf = (id: number): string => {
      const folder = this.folders.get(id) ?? fail(`folder ${id} is not there`);
      return folder.parent === 0 ? folder.name : `${nameOf(folder.parent)}/${folder.name}`;
    };
    const tree = new Map<string, number | null>();
    for (const id of this.folders.keys()) {
      const name = nameOf(id);
      if (tree.has(name)) fail(`two mailboxes are called ${name}`);
      tree.set(name, this.mailboxes.has(id) ? id : null);
    }
    return tree;
  }

  flagName(flag: number): string {
    return systemFlags[flag] ?? this.keywords[flag - systemFlags.length] ?? fail(`no flag has number ${flag}`);
  }

  /** What the mailbox holds: exists, unseen, deleted, bytes, deletedBytes, uidNext. */
  totals(id: number): number[] {
    const { messages, uidNext } = this.mailboxOf(id);
    const all = [...messages.values()];
    const deleted = all.filter(({ flags }) => flags.has('\\Deleted'));
    return [id, all.length, all.filter(({ flags }) => !flags.has('\\Seen')).length, deleted.length, bytesOf(all), bytesOf(deleted), uidNext];
  }

  apply(change: AccountChange, modSeq: number): void {
    if (modSeq < this.nextModSeq) fail(`mod-sequence ${modSeq} comes after ${this.nextModSeq - 1}`);
    if (this.deleted) fail('something changes in an account that was removed');
    this.nextModSeq = modSeq + 1;
    for (const record of change) this.applyRecord(record, modSeq);
  }

  private applyRecord(record: AccountRecord, modSeq: number): void {
    switch (record.kind) {
      case 'accountCreated': this.login = record.login; return;
      case 'accountDisabled': this.disabled = record.disabled; return;
      case 'accountDeleted': this.deleted = true; return;
      case 'quotaSet':
        this.quotaBytes = record.quotaBytes;
        this.quotaMessages = record.quotaMessages;
        return;
      case 'modSeqRaised': this.nextModSeq = Math.max(this.nextModSeq, record.modSeq); return;
      case 'uidsSkipped': this.mailboxOf(record.mailbox).uidNext = record.uidNext; return;
      case 'subscribed': this.subscriptions.add(record.name); return;
      case 'unsubscribed': this.subscriptions.delete(record.name); return;
      case 'keywordsAdded': this.keywords.push(...record.names); return;
      case 'delivered': {
        const id = hexOf(record.deliveryId);
        if (this.deliveryIds.has(id)) fail(`delivery ${id} is taken twice`);
        this.deliveryIds.add(id);
        return;
      }
      case 'mailboxCreated': {
        const { mailbox: id, parent, name, specialUse, uidValidity } = record;
        if (id !== this.mailboxesMade + 1) fail(`mailbox ${id} is made after ${this.mailboxesMade}`);
        if (this.uidValidities.has(uidValidity)) fail(`UIDVALIDITY ${uidValidity} is given twice`);
        this.uidValidities.add(uidValidity);
        this.mailboxesMade = id;
        this.folders.set(id, { parent, name, specialUse });
        this.mailboxes.set(id, { id, uidValidity, uidNext: 1, highestModSeq: modSeq, messages: new Map(), expunged: new Map() });
        return;
      }
      case 'mailboxRenamed': {
        const folder = this.folders.get(record.mailbox) ?? fail(`there is no folder ${record.mailbox} to rename`);
        [folder.parent, folder.name] = [record.parent, record.name];
        return;
      }
      case 'mailboxEmptied':
        this.mailboxOf(record.mailbox);
        this.mailboxes.delete(record.mailbox);
        this.folders.get(record.mailbox)!.specialUse = null;
        return;
      case 'mailboxDeleted':
        if (!this.folders.delete(record.mailbox)) fail(`there is no folder ${record.mailbox} to delete`);
        this.mailboxes.delete(record.mailbox);
        return;
      case 'added': {
        const mailbox = this.mailboxOf(record.mailbox);
        mailbox.highestModSeq = modSeq;
        for (const { uid, blobId, digest, sizeBytes, internalDateMs: dateMs, flags } of record.messages) {
          if (uid < mailbox.uidNext) fail(`UID ${uid} is given where ${mailbox.uidNext} is next`);
          mailbox.uidNext = uid + 1;
          const names = new Set(flags.map((flag) => this.flagName(flag)));
          mailbox.messages.set(uid, { uid, blob: hexOf(blobId), digest: hexOf(digest), sizeBytes, dateMs, flags: names, modSeq });
        }
        return;
      }
      case 'flagged': {
        const mailbox = this.mailboxOf(record.mailbox);
        const name = this.flagName(record.flag);
        mailbox.highestModSeq = modSeq;
        for (const uid of record.uids) {
          const message = mailbox.messages.get(uid) ?? fail(`UID ${uid} is flagged and not there`);
          if (message.flags.has(name) === record.set) fail(`UID ${uid} has ${name} as it had before`);
          if (record.set) message.flags.add(name);
          else message.flags.delete(name);
          message.modSeq = modSeq;
        }
        return;
      }
      case 'expunged': {
        const mailbox = this.mailboxOf(record.mailbox);
        mailbox.highestModSeq = modSeq;
        for (const uid of record.uids) {
          if (!mailbox.messages.delete(uid)) fail(`UID ${uid} is expunged and not there`);
          mailbox.expunged.set(uid, modSeq);
        }
      }
    }
  }

  mailboxOf(id: number): NaiveMailbox {
    return this.mailboxes.get(id) ?? fail(`there is no mailbox ${id}`);
  }
}

function bytesOf(messages: readonly NaiveMessage[]): number {
  return messages.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function fail(why: string): never {
  throw new Violation(`the log makes no sense: ${why}`);
}
