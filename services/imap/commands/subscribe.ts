// SUBSCRIBE and UNSUBSCRIBE: RFC 3501 §6.3.6, §6.3.7. Names, whether or not there is such a mailbox.
import { subscribe as decideSubscribe, unsubscribe as decideUnsubscribe } from '../../core/account/decide/folders';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';

type NameCommand = Extract<Command, { kind: 'create' | 'delete' | 'subscribe' | 'unsubscribe' }>;

export const subscribe: Handler<NameCommand> = {
  states: AUTHENTICATED,
  reads: 'heard',
  syncs: 'all',
  tellsAtEnd: true,
  // eslint-disable-next-line require-yield
  async *run({ mailbox }, { session }) {
    await session.account.commit(decideSubscribe(mailbox));
    return { text: 'SUBSCRIBE completed' };
  },
};

export const unsubscribe: Handler<NameCommand> = {
  ...subscribe,
  // eslint-disable-next-line require-yield
  async *run({ mailbox }, { session }) {
    await session.account.commit(decideUnsubscribe(mailbox));
    return { text: 'UNSUBSCRIBE completed' };
  },
};
