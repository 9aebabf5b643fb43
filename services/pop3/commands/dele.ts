// DELE and RSET: RFC 1939 §5. Marks of this session alone, until QUIT.
import { numberOf, wordsOf } from '../command-line';
import { TRANSACTION, type Handler } from '../handler';
import { ok } from '../replies';

export const dele: Handler = {
  states: TRANSACTION,
  async *run(argument, { session }) {
    const [word] = wordsOf(argument, 1, 1);
    session.opened.maildrop.delete(numberOf(word!));
    yield ok('will be deleted at QUIT');
  },
};

export const rset: Handler = {
  states: TRANSACTION,
  async *run(argument, { session }) {
    wordsOf(argument, 0, 0);
    const { maildrop } = session.opened;
    maildrop.reset();
    yield ok(`${maildrop.count} messages (${maildrop.octets} octets)`);
  },
};
