// POP3 RETR: one message after the other, as POP3 clients do.
import type { Mailbox } from '../mailbox';
import { loginOf } from '../server';
import { ratePerSecond } from '../measuring';
import { Pop3Session } from '../wire/pop3-session';
import type { Row } from './row';

export function retrieve(maildrop: Mailbox): Row {
  return {
    name: 'retrieve',
    figures: [{ title: 'POP3 RETR of 2 KB, 1 connection', unit: '/s', better: 'more' }],
    needs: ['pop3'],
    mailboxes: [maildrop],
    async measure({ server, scale }) {
      const session = await Pop3Session.open(server.pop3!);
      try {
        await session.login(loginOf(server, 1), server.password);
        const count = await session.count();
        if (count < maildrop.messages) throw new Error(`the maildrop has ${count} messages where there are at least ${maildrop.messages}`);
        let number = 0;
        const rate = await ratePerSecond(scale.windowMs, [() => session.retrieve((number++ % maildrop.messages) + 1)]);
        await session.quit();
        return [rate];
      } finally {
        session.close();
      }
    },
  };
}
