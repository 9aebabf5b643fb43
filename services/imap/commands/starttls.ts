// STARTTLS: RFC 3501 §6.2.1.
import { BadCommand } from '../../core/runtime/errors';
import { NOT_AUTHENTICATED, type Handler } from '../handler';

export const starttls: Handler = {
  states: NOT_AUTHENTICATED,
  reads: 'none',
  syncs: 'none',
  // eslint-disable-next-line require-yield
  async *run(_command, { node, exchange }) {
    if (!node.tls) throw new BadCommand('this server has no certificate');
    if (exchange.isSecure) throw new BadCommand('TLS is on already');
    return { text: 'begin the TLS handshake', after: () => exchange.startTls() };
  },
};
