// STLS: RFC 2595 §4.
import { BadCommand } from '../../core/runtime/errors';
import { wordsOf } from '../command-line';
import { AUTHORIZATION, type Handler } from '../handler';
import { ok } from '../replies';

export const stls: Handler = {
  states: AUTHORIZATION,
  async *run(argument, { session, node, exchange }) {
    wordsOf(argument, 0, 0);
    if (!node.tls) throw new BadCommand('this server has no certificate');
    if (exchange.isSecure) throw new BadCommand('TLS is on already');
    // What was said in the clear does not count any more.
    session.state = { name: 'AUTHORIZATION', user: null };
    yield ok('begin the TLS handshake');
    await exchange.startTls();
  },
};
