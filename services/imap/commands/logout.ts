// LOGOUT: RFC 3501 §6.1.3.
import { ANY, type Handler } from '../handler';
import { untagged } from '../responses/status';

export const logout: Handler = {
  states: ANY,
  reads: 'none',
  syncs: 'none',
  async *run(_command, { session }) {
    const { state } = session;
    yield untagged('BYE', 'until next time');
    if (state.name === 'authenticated' || state.name === 'selected') state.user.lease.release();
    return { text: 'LOGOUT completed', next: { name: 'logout' } };
  },
};
