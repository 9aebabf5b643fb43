// NOOP: RFC 1939 §5.
import { wordsOf } from '../command-line';
import { TRANSACTION, type Handler } from '../handler';
import { ok } from '../replies';

export const noop: Handler = {
  states: TRANSACTION,
  async *run(argument) {
    wordsOf(argument, 0, 0);
    yield ok('nothing done');
  },
};
