// How long another user's NOOP takes while the server does something heavy: a server that does one thing at a time shows it here.
import type { Mailbox } from '../mailbox';
import { median, pause, timeMs } from '../measuring';
import type { ImapSession } from '../wire/imap-session';
import type { Row } from './row';

/** Work that keeps a server busy, for a session that has its mailbox selected. */
export interface Heavy {
  readonly name: string;
  readonly title: string;
  readonly mailbox: Mailbox;
  readonly run: (session: ImapSession) => Promise<unknown>;
}

/** Another user's NOOPs are so far apart that they are no load. */
const PACE_MS = 2;

export function noopBeside({ name, title, mailbox, run }: Heavy): Row {
  return {
    name: `noop-${name}`,
    figures: [
      { title: `NOOP beside ${title}, median`, unit: 'ms', better: 'less' },
      { title: `NOOP beside ${title}, worst`, unit: 'ms', better: 'less' },
    ],
    needs: [],
    mailboxes: [mailbox],
    async measure(stage) {
      const other = await stage.selected(2, 'INBOX');
      await other.command('NOOP');
      const worker = await stage.selected(1, mailbox.name);
      const work = { isOver: false };
      const working = again(stage.scale.windowMs, () => run(worker)).finally(() => (work.isOver = true));
      const [times] = await Promise.all([latencies(other, work), working]);
      return [median(times), Math.max(...times)];
    },
  };
}

async function latencies(session: ImapSession, work: { readonly isOver: boolean }): Promise<number[]> {
  const times: number[] = [];
  while (!work.isOver) {
    times.push(await timeMs(() => session.command('NOOP')));
    await pause(PACE_MS);
  }
  return times;
}

/** Once, and as often as there is time for. */
async function again(windowMs: number, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  do await work();
  while (performance.now() - start < windowMs);
}
