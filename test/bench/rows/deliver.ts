// LMTP: one recipient a message, the recipients in turn.
import { loginOf } from '../server';
import { ratePerSecond } from '../measuring';
import { LmtpSession } from '../wire/lmtp-session';
import type { Row } from './row';

export function deliver(connections: number, accounts: number): Row {
  return {
    name: 'deliver',
    figures: [{ title: `LMTP deliveries of 2 KB, ${connections} connections, ${accounts} accounts`, unit: '/s', better: 'more' }],
    needs: ['lmtp'],
    mailboxes: [],
    async measure(stage) {
      const sessions = await stage.each(connections, async () => stage.owned(await LmtpSession.open(stage.server.lmtp!)));
      let account = 0;
      const workers = sessions.map((session) => () => {
        account += 1;
        return session.deliver(loginOf(stage.server, account), stage.newMessage().bytes);
      });
      const rate = await ratePerSecond(stage.scale.windowMs, workers);
      await Promise.all(sessions.map((session) => session.quit()));
      return [rate];
    },
  };
}
