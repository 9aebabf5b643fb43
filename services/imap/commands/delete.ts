// DELETE: RFC 3501 §6.3.4.
import { deleteMailbox } from '../../core/account/decide/folders';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { CLOSED, closedByOwnChange } from '../own-close';

export const deleteCommand: Handler<Extract<Command, { kind: 'create' | 'delete' | 'subscribe' | 'unsubscribe' }>> = {
  states: AUTHENTICATED,
  reads: 'heard',
  syncs: 'all',
  tellsAtEnd: true,
  async *run({ mailbox }, { session }) {
    await session.account.commit(deleteMailbox(mailbox));
    const next = closedByOwnChange(session);
    if (!next) return { text: 'DELETE completed' };
    yield CLOSED;
    return { text: 'DELETE completed', next };
  },
};
