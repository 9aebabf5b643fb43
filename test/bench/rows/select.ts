// SELECT on a connection that has just logged in, as a client that was started does it.
import { mailboxName, type Mailbox } from '../mailbox';
import { median, timeMs } from '../measuring';
import { requireCount, spelled, type Row, type Stage } from './row';

/** Milliseconds from SELECT to its OK. */
async function selectMs(stage: Stage, { name, messages }: Mailbox): Promise<number> {
  const session = await stage.imap(1);
  const wired = await mailboxName(session, name);
  let answer: string[] = [];
  const time = await timeMs(async () => (answer = await session.untagged(`SELECT ${wired}`)));
  requireCount(`SELECT ${name}`, Number(/^\* (\d+) EXISTS$/m.exec(answer.join('\n'))?.[1]), messages);
  session.close();
  return time;
}

export function select(mailbox: Mailbox): Row {
  return {
    name: `select-${mailbox.messages}`,
    figures: [{ title: `SELECT of ${spelled(mailbox.messages)}`, unit: 'ms', better: 'less' }],
    needs: [],
    mailboxes: [mailbox],
    async measure(stage) {
      const times: number[] = [];
      for (let i = 0; i < stage.scale.samples; i += 1) times.push(await selectMs(stage, mailbox));
      return [median(times)];
    },
  };
}
