// What POP3's UPDATE state does to a maildrop at QUIT (RFC 1939 §6): one change for the whole session.
import type { MailboxId, UidValidity } from '../../runtime/numbers';
import { mailboxById } from '../account-state';
import { SEEN } from '../flag';
import type { AccountRecord } from '../record';
import { UidSet } from '../uid-set';
import type { Decide } from './decision';

/** What a session did to the maildrop that it opened. UIDs, whatever numbers they had. */
export interface MaildropUpdate {
  readonly mailbox: MailboxId;
  readonly uidValidity: UidValidity;
  /** RETRieved to the end: \Seen. */
  readonly retrieved: UidSet;
  /** Marked by DELE, and not unmarked by RSET. */
  readonly deleted: UidSet;
}

/**
 * Expunges what was DELEd, \Deleted or not, and flags what was RETRieved, as far as it is still there; the result is what was expunged.
 * Never refuses: what another session did already needs no doing, so a session repeated after a lost answer does no harm. The mailbox
 * is the one that was opened, whatever its name is now.
 */
export function updateMaildrop({ mailbox: id, uidValidity, retrieved, deleted }: MaildropUpdate): Decide<UidSet> {
  return (state) => {
    const mailbox = state.deleted ? undefined : mailboxById(state, id);
    if (!mailbox || mailbox.uidValidity !== uidValidity) return { change: null, result: UidSet.empty };
    const gone = mailbox.present(deleted);
    const seen: number[] = [];
    for (const { uid, flags } of mailbox.among(retrieved)) if (!flags.includes(SEEN) && !gone.has(uid)) seen.push(uid);
    const change: AccountRecord[] = [];
    if (seen.length > 0) change.push({ kind: 'flagged', mailbox: id, flag: SEEN, set: true, uids: UidSet.ofAscending(seen) });
    if (!gone.isEmpty) change.push({ kind: 'expunged', mailbox: id, uids: gone });
    return { change: change.length > 0 ? change : null, result: gone };
  };
}
