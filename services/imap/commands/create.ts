// CREATE: RFC 3501 §6.3.3.
import { createMailbox } from '../../core/account/decide/folders';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';

export const create: Handler<Extract<Command, { kind: 'create' | 'delete' | 'subscribe' | 'unsubscribe' }>> = {
  states: AUTHENTICATED,
  reads: 'heard',
  syncs: 'all',
  tellsAtEnd: true,
  // eslint-disable-next-line require-yield
  async *run({ mailbox }, { session }) {
    await session.account.commit(createMailbox(mailbox));
    return { text: 'CREATE completed' };
  },
};
