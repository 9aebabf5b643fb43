// OBJECTID (RFC 8474): ids of mailboxes, messages and threads as clients see them, and back. One letter tells what an id is of; the
// rest is lower-case hex, so that no two ids differ by case alone (§8.1).
import { createHash } from 'node:crypto';
import type { Row } from '../core/account/chunk';
import type { MailboxId } from '../core/runtime/numbers';

const MAILBOX_ID_BYTES = 16;

/** MAILBOXID (§4): no number of a mailbox, and no account id, is ever used again, and RENAME keeps both. */
export function mailboxObjectId(accountId: string, mailbox: MailboxId): string {
  return `F${createHash('sha256').update(`${mailbox} ${accountId}`).digest('hex').slice(0, 2 * MAILBOX_ID_BYTES)}`;
}

/** The blob that the message first had: what never changes about a message is the same wherever that is (§5.1). */
export function emailIdOf({ emailId, blobId }: Row): Uint8Array {
  return emailId ?? blobId;
}

/** EMAILID (§5.1) */
export function emailObjectId(row: Row): string {
  return `M${hex(emailIdOf(row))}`;
}

/**
 * Made from message ids alone, so that a thread is one in all mailboxes. A message without any is a thread of its own: NIL would say
 * that there are no threads here (§5.2), and clients would group all such messages as one.
 */
export function threadIdOf(row: Row): Uint8Array {
  return row.threadKey ?? emailIdOf(row);
}

/** THREADID (§5.2) */
export function threadObjectId(row: Row): string {
  return `T${hex(threadIdOf(row))}`;
}

/** What an EMAILID or a THREADID was made from; null if this server makes no such id. */
export function objectIdBytes(letter: 'M' | 'T', objectId: string): Buffer | null {
  return objectId.startsWith(letter) && /^.(?:[0-9a-f]{2})+$/.test(objectId) ? Buffer.from(objectId.slice(1), 'hex') : null;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
