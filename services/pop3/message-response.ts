// A message, or its beginning, as the response to RETR and TOP: streamed with back-pressure, never held.
import { mailboxById } from '../core/account/account-state';
import type { Row } from '../core/account/chunk';
import { MessageBodies } from '../core/account/message-bodies';
import type { OctetRange } from '../core/message/section';
import { Damaged, Disconnected, Refusal } from '../core/runtime/errors';
import { BlobMissing } from '../core/store/blob-store';
import { DotStuffer } from './dot-stuffer';
import type { Context } from './handler';
import { ok } from './replies';

/** The store does not have the message as it was, though it should: nothing that the client does will bring it back. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Pieces up to here are said together with what goes before them. */
const JOINED_BYTES = 4 * 1024;

export interface Message {
  readonly row: Row;
  /** Of the message, the octets to read. */
  readonly range: OctetRange;
  /** Of the status line. */
  readonly text: string;
  /** What of the octets is to be said: all, or their beginning. */
  readonly cut?: (pieces: AsyncGenerator<Uint8Array, void>) => AsyncGenerator<Uint8Array, void>;
}

/**
 * The response, its first piece not before the first octets are here. Before that throws Unreadable, Unavailable, and Refusal if another
 * session removed the message and its octets have gone since; after that there is no way left but to hang up: Disconnected.
 */
export async function* messageResponse({ row, range, text, cut }: Message, { session, node, log }: Context): AsyncGenerator<Uint8Array, void> {
  const { user, maildrop } = session.opened;
  const { account } = user.lease;
  const pieces = new MessageBodies(node.blobs, node.clock, account.id).read(row.blobId, range);
  let hasBegun = false;
  try {
    for await (const bytes of lines(ok(text), cut ? cut(pieces) : pieces)) {
      hasBegun = true;
      yield bytes;
    }
  } catch (error) {
    const isGone = error instanceof BlobMissing && mailboxById(account.state, maildrop.mailbox.id)?.has(row.uid) !== true;
    const isDamage = !isGone && (error instanceof BlobMissing || error instanceof Damaged);
    const fields = { error, account: account.id, mailbox: maildrop.mailbox.id, uid: row.uid };
    if (isDamage) log.error(fields, 'a message cannot be read any more');
    else if (hasBegun) log.warn(fields, 'a message could not be read now');
    if (hasBegun) throw new Disconnected('a message broke off', { cause: error });
    if (isGone) throw new Refusal('NONEXISTENT', 'this message was removed by another session');
    throw isDamage ? new Unreadable('this message cannot be read any more', { cause: error }) : error;
  }
}

/** The status line, the octets with their dots doubled, and the end. The last octets and the end are one piece: some clients want it so. */
async function* lines(status: Uint8Array, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const stuffer = new DotStuffer();
  let held = status;
  for await (const piece of pieces) {
    const stuffed = stuffer.push(piece);
    if (held.length <= JOINED_BYTES) {
      held = Buffer.concat([held, stuffed]);
    } else {
      yield held;
      held = stuffed;
    }
  }
  yield Buffer.concat([held, Buffer.from(stuffer.end())]);
}
