// NAMESPACE: RFC 2342. One personal namespace without a prefix: Outlook ignores prefixes.
import { AUTHENTICATED, type Handler } from '../handler';
import { untaggedData } from '../responses/status';

export const namespace: Handler = {
  states: AUTHENTICATED,
  reads: 'none',
  syncs: 'none',
  async *run() {
    yield untaggedData('NAMESPACE (("" "/")) NIL NIL');
    return { text: 'NAMESPACE completed' };
  },
};
