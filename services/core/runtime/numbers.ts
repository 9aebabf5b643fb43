// Branded numbers: a sequence number cannot be passed where a UID is meant.

type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** A message's UID in its mailbox (RFC 3501 §2.3.1.1): ascends, never reused, below 2^31. */
export type Uid = Brand<number, 'Uid'>;
/** A message's number in one session's view (RFC 3501 §2.3.1.2). */
export type SeqNum = Brand<number, 'SeqNum'>;
/** A change's mod-sequence (RFC 7162 §3.1). */
export type ModSeq = Brand<number, 'ModSeq'>;
/** A mailbox's UIDVALIDITY (RFC 3501 §2.3.1.1). */
export type UidValidity = Brand<number, 'UidValidity'>;
/** A mailbox's number in its account: small, dense, never reused. */
export type MailboxId = Brand<number, 'MailboxId'>;
/** An entry's place in its log; the first entry has position 1. */
export type Position = Brand<number, 'Position'>;

export const asUid = (value: number): Uid => value as Uid;
export const asSeqNum = (value: number): SeqNum => value as SeqNum;
export const asModSeq = (value: number): ModSeq => value as ModSeq;
export const asUidValidity = (value: number): UidValidity => value as UidValidity;
export const asMailboxId = (value: number): MailboxId => value as MailboxId;
export const asPosition = (value: number): Position => value as Position;
