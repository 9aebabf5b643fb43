// STAT: RFC 1939 §5.
import { wordsOf } from '../command-line';
import { TRANSACTION, type Handler } from '../handler';
import { ok } from '../replies';

export const stat: Handler = {
  states: TRANSACTION,
  async *run(argument, { session }) {
    wordsOf(argument, 0, 0);
    const { count, octets } = session.opened.maildrop;
    yield ok(`${count} ${octets}`);
  },
};
