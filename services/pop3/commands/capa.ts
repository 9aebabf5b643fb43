// CAPA: RFC 2449 §5.
import { capabilities } from '../capabilities';
import { wordsOf } from '../command-line';
import { ANY, type Handler } from '../handler';
import { multiline } from '../replies';

export const capa: Handler = {
  states: ANY,
  async *run(argument, context) {
    wordsOf(argument, 0, 0);
    yield multiline('capabilities follow', capabilities(context));
  },
};
