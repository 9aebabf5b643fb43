// The facts of an account's log: docs/log-protocol.md, "Records". What happened, never what was asked for.
import type { MailboxId, Uid, UidValidity } from '../runtime/numbers';
import type { FlagNumber } from './flag';
import type { UidSet } from './uid-set';

/** A message as its `added` record brings it. Everything here is immutable. */
export interface NewMessage {
  readonly uid: Uid;
  /** The last part of the body's blob key: 16 bytes. */
  readonly blobId: Uint8Array;
  readonly sizeBytes: number;
  readonly internalDateMs: number;
  readonly flags: readonly FlagNumber[];
  /** SHA-256 of the body. */
  readonly digest: Uint8Array;
  /** The encoded summary: ENVELOPE, BODYSTRUCTURE, where the parts are. */
  readonly summary: Uint8Array;
  /** Of the conversation; null where the message names no id at all. */
  readonly threadKey: Uint8Array | null;
  /** The blob id that the message had when it first came; null: `blobId`. COPY and MOVE keep it (RFC 8474 §5.1). */
  readonly emailId: Uint8Array | null;
  /** The unique-id that POP3 clients of the server it was imported from know it by (RFC 1939 §7); null: made from its UID. */
  readonly pop3Uidl: string | null;
}

export type SpecialUse = '\\Archive' | '\\Drafts' | '\\Junk' | '\\Sent' | '\\Trash';

export type AccountRecord =
  | { readonly kind: 'accountCreated'; readonly login: string }
  | { readonly kind: 'accountDisabled'; readonly disabled: boolean }
  | { readonly kind: 'accountDeleted' }
  /** Null: no limit. */
  | { readonly kind: 'quotaSet'; readonly quotaBytes: number | null; readonly quotaMessages: number | null }
  /** From the next entry on no mod-sequence is below this (N5). */
  | { readonly kind: 'modSeqRaised'; readonly modSeq: number }
  | {
      readonly kind: 'mailboxCreated';
      readonly mailbox: MailboxId;
      /** 0: top level. */
      readonly parent: MailboxId | 0;
      /** The last part of its name. */
      readonly name: string;
      readonly uidValidity: UidValidity;
      readonly specialUse: SpecialUse | null;
      /** UIDVALIDITY and UIDs are those of the server that it comes from. */
      readonly isAdopted: boolean;
    }
  | { readonly kind: 'mailboxRenamed'; readonly mailbox: MailboxId; readonly parent: MailboxId | 0; readonly name: string }
  /** Its messages are gone; its name stays for its children (RFC 3501 §6.3.4, \Noselect). */
  | { readonly kind: 'mailboxEmptied'; readonly mailbox: MailboxId }
  /** Its messages and its name are gone. */
  | { readonly kind: 'mailboxDeleted'; readonly mailbox: MailboxId }
  /** The next UID is this: those below were given where the mailbox was before. */
  | { readonly kind: 'uidsSkipped'; readonly mailbox: MailboxId; readonly uidNext: number }
  | { readonly kind: 'subscribed'; readonly name: string }
  | { readonly kind: 'unsubscribed'; readonly name: string }
  | { readonly kind: 'keywordsAdded'; readonly names: readonly string[] }
  | { readonly kind: 'added'; readonly mailbox: MailboxId; readonly messages: readonly NewMessage[] }
  /** `uids` are exactly the messages whose flag changed. */
  | { readonly kind: 'flagged'; readonly mailbox: MailboxId; readonly flag: FlagNumber; readonly set: boolean; readonly uids: UidSet }
  | { readonly kind: 'expunged'; readonly mailbox: MailboxId; readonly uids: UidSet }
  /** A delivery with this id was taken: a repetition changes nothing. */
  | { readonly kind: 'delivered'; readonly deliveryId: Uint8Array };

/** What one command did: atomic, with one mod-sequence. */
export type AccountChange = readonly AccountRecord[];
