// NOOP and CHECK: RFC 3501 §6.1.2, §6.4.1. Everything is durable all the time, so CHECK has nothing more to do.
import { ANY, SELECTED, type Handler } from '../handler';

export const noop: Handler = {
  states: ANY,
  reads: 'freshIfReachable',
  syncs: 'all',
  tellsAtEnd: true,
  // eslint-disable-next-line require-yield
  async *run() {
    return { text: 'NOOP completed' };
  },
};

export const check: Handler = { ...noop, states: SELECTED };
