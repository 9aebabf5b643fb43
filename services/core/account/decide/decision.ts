// What every decision shares. Decisions are pure: they are made again on a newer state after a lost race.
import type { Decide as DecideOn } from '../../log/committer';
import { Refusal } from '../../runtime/errors';
import type { MailboxId } from '../../runtime/numbers';
import { findMailbox, mailboxById, type AccountState, type NamedMailbox } from '../account-state';
import type { Mailbox } from '../mailbox';
import type { AccountChange } from '../record';

export type Decide<Result> = DecideOn<AccountState, AccountChange, Result>;

/** Refuses everything on an account that was removed. */
export function requireLiving(state: AccountState): void {
  if (state.deleted) throw new Refusal('AUTHORIZATIONFAILED', 'this account was removed');
}

/** The mailbox that a session has selected; refuses if it is gone. */
export function requireMailbox(state: AccountState, id: MailboxId): Mailbox {
  requireLiving(state);
  const mailbox = mailboxById(state, id);
  if (!mailbox) throw new Refusal('NONEXISTENT', 'the selected mailbox was deleted');
  return mailbox;
}

/** Where messages shall go; refuses with TRYCREATE (RFC 3501 §6.3.11) if there is no such mailbox. */
export function requireTarget(state: AccountState, fullName: string): NamedMailbox {
  requireLiving(state);
  const target = findMailbox(state, fullName);
  if (!target) throw new Refusal('TRYCREATE', 'no such mailbox; create it first');
  return target;
}
