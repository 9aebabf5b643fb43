// LOGIN: the same users again and again, each time on a new connection.
import { loginOf } from '../server';
import { ratePerSecond } from '../measuring';
import { ImapSession } from '../wire/imap-session';
import type { Row } from './row';

export const login: Row = {
  name: 'login',
  figures: [{ title: 'logins, the same users again and again', unit: '/s', better: 'more' }],
  needs: [],
  mailboxes: [],
  async measure({ server, scale }) {
    const workers = Array.from({ length: scale.loginConnections }, (_, i) => async () => {
      const session = await ImapSession.open(server.imap);
      try {
        await session.login(loginOf(server, i + 1), server.password);
        await session.logout();
      } finally {
        session.close();
      }
    });
    return [await ratePerSecond(scale.windowMs, workers)];
  },
};
