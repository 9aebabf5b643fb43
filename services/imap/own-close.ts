// A session may delete the mailbox that it has selected, or rename it if it is INBOX. RFC 3501 does not say what becomes of it then.
// The mailbox is closed, and CLOSED (RFC 7162 §3.2.11) says so before the tagged OK: a BYE would leave the client without that OK.
import { mailboxById } from '../core/account/account-state';
import { inboxId } from '../core/account/decide/folders';
import { untagged } from './responses/status';
import type { Session, State } from './session';

export const CLOSED = untagged('OK', 'the mailbox that was selected is closed', 'CLOSED');

/** To be asked after one's own change: the state without a mailbox if that change took it away; null: it is still there. */
export function closedByOwnChange(session: Session): State | null {
  if (session.state.name !== 'selected') return null;
  const { mailbox, isInbox } = session.selected;
  const { state } = session.account;
  const isThere = mailboxById(state, mailbox) !== undefined && (!isInbox || inboxId(state) === mailbox);
  return isThere ? null : session.unselected();
}
