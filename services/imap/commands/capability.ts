// CAPABILITY: RFC 3501 §6.1.1.
import { capabilities } from '../capabilities';
import { ANY, type Handler } from '../handler';
import { untaggedData } from '../responses/status';

export const capability: Handler = {
  states: ANY,
  reads: 'none',
  syncs: 'none',
  async *run(_command, { session, node, exchange }) {
    yield untaggedData(`CAPABILITY ${capabilities(session, { isSecure: exchange.isSecure, hasTls: node.tls !== null, requireTls: node.requireTls })}`);
    return { text: 'CAPABILITY completed' };
  },
};
