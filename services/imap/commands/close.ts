// CLOSE and UNSELECT: RFC 3501 §6.4.2, RFC 3691. CLOSE expunges without a word, and never tells a HIGHESTMODSEQ (RFC 7162 §3.2.8).
import { expunge } from '../../core/account/decide/expunge';
import { SELECTED, type Handler } from '../handler';

export const close: Handler = {
  states: SELECTED,
  reads: 'heard',
  syncs: 'none',
  // eslint-disable-next-line require-yield
  async *run(_command, { session }) {
    const { mailbox, isReadOnly } = session.selected;
    if (!isReadOnly) await session.account.commit(expunge(mailbox));
    return { text: 'CLOSE completed', next: session.unselected() };
  },
};

export const unselect: Handler = {
  states: SELECTED,
  reads: 'none',
  syncs: 'none',
  // eslint-disable-next-line require-yield
  async *run(_command, { session }) {
    return { text: 'UNSELECT completed', next: session.unselected() };
  },
};
