// STORE and APPEND: what has to be durable before it is answered. Each connection is one of a different account, as far as there are accounts.
import { mailboxName, type Mailbox } from '../mailbox';
import { ratePerSecond } from '../measuring';
import { Refused, type ImapSession } from '../wire/imap-session';
import type { Row } from './row';

const APPENDED = 'Appended';

export function store(name: string, connections: number, mailbox: Mailbox): Row {
  return {
    name,
    figures: [{ title: `STORE of one flag, ${counted(connections)}`, unit: '/s', better: 'more' }],
    needs: [],
    mailboxes: [{ ...mailbox, accounts: connections }],
    async measure(stage) {
      const sessions = await stage.each(connections, (account) => stage.selected(account, mailbox.name));
      const workers = sessions.map((session, i) => {
        const message = (i % mailbox.messages) + 1;
        let sign = '-';
        return () => session.command(`STORE ${message} ${(sign = sign === '+' ? '-' : '+')}FLAGS (\\Flagged)`);
      });
      const rate = await ratePerSecond(stage.scale.windowMs, workers);
      await Promise.all(sessions.map((session) => session.command(String.raw`STORE 1:* -FLAGS (\Flagged)`)));
      return [rate];
    },
  };
}

export function append(name: string, connections: number): Row {
  return {
    name,
    figures: [{ title: `APPEND of 2 KB, ${counted(connections)}`, unit: '/s', better: 'more' }],
    needs: [],
    mailboxes: [],
    async measure(stage) {
      const sessions = await stage.each(connections, (account) => stage.imap(account));
      const owners = sessions.slice(0, stage.server.accounts);
      const mailbox = await mailboxName(sessions[0]!, APPENDED);
      await Promise.all(owners.map((session) => createEmpty(session, mailbox)));
      const rate = await ratePerSecond(
        stage.scale.windowMs,
        sessions.map((session) => () => session.append(mailbox, stage.newMessage())),
      );
      await Promise.all(owners.map((session) => session.command(`DELETE ${mailbox}`)));
      return [rate];
    },
  };
}

/** An earlier run may have been stopped before it tidied up. */
async function createEmpty(session: ImapSession, mailbox: string): Promise<void> {
  try {
    await session.command(`DELETE ${mailbox}`);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
  }
  await session.command(`CREATE ${mailbox}`);
}

function counted(connections: number): string {
  return connections === 1 ? '1 connection' : `${connections} connections`;
}
