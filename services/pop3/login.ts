// From a login and a password to an open maildrop: AUTHORIZATION becomes TRANSACTION (RFC 1939 §4).
import { mailboxById } from '../core/account/account-state';
import { inboxId } from '../core/account/decide/folders';
import { enterAccount, type User } from '../core/auth/enter-account';
import { Damaged } from '../core/runtime/errors';
import type { Context } from './handler';
import { Maildrop } from './maildrop';
import { ok } from './replies';

/** Opens the INBOX as it is now, without a lock; answers the +OK. Throws what enterAccount throws. */
export async function logIn(login: string, password: string, { session, node, exchange }: Context): Promise<Uint8Array> {
  const user = await enterAccount(node, login, password, exchange.remoteAddress);
  try {
    session.state = { name: 'TRANSACTION', user, maildrop: openInbox(user) };
  } catch (error) {
    user.lease.release();
    throw error;
  }
  exchange.signedIn(user.login);
  const { count, octets } = session.opened.maildrop;
  return ok(`${count} messages (${octets} octets)`);
}

function openInbox({ lease }: User): Maildrop {
  const { state, id: account } = lease.account;
  const id = inboxId(state);
  const mailbox = id === undefined ? undefined : mailboxById(state, id);
  if (!mailbox) throw new Damaged(`account ${account} has no INBOX`);
  return new Maildrop(mailbox);
}
