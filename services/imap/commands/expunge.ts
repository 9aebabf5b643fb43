// EXPUNGE and UID EXPUNGE: RFC 3501 §6.4.3, RFC 4315 §2.1. The sync after it tells what is gone.
import { expunge as decideExpunge } from '../../core/account/decide/expunge';
import type { Command } from '../grammar/command';
import { SELECTED, type Handler } from '../handler';
import { highestModSeqCode } from '../condstore';
import { requireReadWrite, uidsOf } from '../targets';

export const expunge: Handler<Extract<Command, { kind: 'expunge' }>> = {
  states: SELECTED,
  reads: 'heard',
  syncs: 'all',
  // eslint-disable-next-line require-yield
  async *run({ uids }, { session }) {
    const { mailbox } = requireReadWrite(session.selected);
    const gone = await session.account.commit(decideExpunge(mailbox, uids && uidsOf(session.selected, uids, true)));
    return { text: 'EXPUNGE completed', code: () => (gone.isEmpty ? undefined : highestModSeqCode(session)) };
  },
};
