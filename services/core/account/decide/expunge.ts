// EXPUNGE, UID EXPUNGE and CLOSE: RFC 3501 §6.4.3, RFC 4315 §2.1. They act on \Deleted as it is in the index, not in the view.
import type { MailboxId } from '../../runtime/numbers';
import { UidSet } from '../uid-set';
import { requireMailbox, type Decide } from './decision';

/** Expunges what is \Deleted, of `uids` if given; the result is what was expunged. */
export function expunge(mailboxId: MailboxId, uids: UidSet | null = null): Decide<UidSet> {
  return (state) => {
    const mailbox = requireMailbox(state, mailboxId);
    const deleted = mailbox.totals.deleted === 0 ? UidSet.empty : mailbox.select((chunk, i) => chunk.isDeleted(i));
    const gone = uids ? deleted.intersection(uids) : deleted;
    return { change: gone.isEmpty ? null : [{ kind: 'expunged', mailbox: mailboxId, uids: gone }], result: gone };
  };
}
