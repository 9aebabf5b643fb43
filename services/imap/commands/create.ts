// CREATE: RFC 3501 §6.3.3, MAILBOXID of RFC 8474 §4.1.
import { createMailbox } from '../../core/account/decide/folders';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { mailboxObjectId } from '../object-ids';
import { mailboxIdCode } from '../responses/response-codes';

export const create: Handler<Extract<Command, { kind: 'create' | 'delete' | 'subscribe' | 'unsubscribe' }>> = {
  states: AUTHENTICATED,
  reads: 'heard',
  syncs: 'all',
  tellsAtEnd: true,
  // eslint-disable-next-line require-yield
  async *run({ mailbox }, { session }) {
    const { account } = session;
    const made = await account.commit(createMailbox(mailbox));
    return { text: 'CREATE completed', code: mailboxIdCode(mailboxObjectId(account.id, made)) };
  },
};
