// COPY and MOVE: RFC 3501 §6.4.7, RFC 6851. Within an account each is one change, so a MOVE is never half done.
import { asUid, type MailboxId, type UidValidity } from '../../runtime/numbers';
import type { AccountRecord, NewMessage } from '../record';
import { UidSet } from '../uid-set';
import { requireQuota, requireRoom } from './add-messages';
import { requireMailbox, requireTarget, type Decide } from './decision';

export interface Copied {
  readonly uidValidity: UidValidity;
  /** What was copied, and the new UIDs in the same order (RFC 4315 §3). */
  readonly from: UidSet;
  readonly to: UidSet;
}

/** Over quota, what goes to \Trash may still be copied up to here. */
const TRASH_ALLOWANCE = 1.1;

/**
 * Copies those of `uids` that are still there, flags and dates with them; 'move' also expunges them, in the same change. Nothing
 * left to copy is no refusal here: the result is empty. Refuses with TRYCREATE, LIMIT, and COPY with OVERQUOTA.
 */
export function copyMessages(mailboxId: MailboxId, uids: UidSet, targetName: string, verb: 'copy' | 'move'): Decide<Copied> {
  return (state) => {
    const source = requireMailbox(state, mailboxId);
    const { folder, mailbox: target } = requireTarget(state, targetName);
    const rows = [...source.among(uids)];
    if (rows.length === 0) return { change: null, result: { uidValidity: target.uidValidity, from: UidSet.empty, to: UidSet.empty } };
    if (verb === 'copy') requireQuota(state, rows, folder.specialUse === '\\Trash' ? TRASH_ALLOWANCE : 1);
    requireRoom(target, rows.length);
    const messages = rows.map(({ modSeq: _modSeq, savedAtMs: _savedAtMs, ...message }, k): NewMessage => ({
      ...message,
      uid: asUid(target.freeUid + k),
      pop3Uidl: verb === 'move' ? message.pop3Uidl : null, // Two messages never share one.
    }));
    const from = UidSet.ofAscending(rows.map(({ uid }) => uid));
    const result = { uidValidity: target.uidValidity, from, to: UidSet.ofAscending(messages.map(({ uid }) => uid)) };
    const change: AccountRecord[] = [{ kind: 'added', mailbox: target.id, messages }];
    if (verb === 'move') change.push({ kind: 'expunged', mailbox: mailboxId, uids: from });
    return { change, result };
  };
}
