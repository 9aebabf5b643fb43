// RENAME: RFC 3501 §6.3.5. A selected mailbox stays selected under its new name; INBOX alone stays a name.
import { renameMailbox } from '../../core/account/decide/folders';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { CLOSED, closedByOwnChange } from '../own-close';

export const rename: Handler<Extract<Command, { kind: 'rename' }>> = {
  states: AUTHENTICATED,
  reads: 'heard',
  syncs: 'all',
  tellsAtEnd: true,
  async *run({ from, to }, { session }) {
    await session.account.commit(renameMailbox(from, to));
    const next = closedByOwnChange(session);
    if (!next) return { text: 'RENAME completed' };
    yield CLOSED;
    return { text: 'RENAME completed', next };
  },
};
