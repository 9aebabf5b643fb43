// IDLE (RFC 2177): from the STORE that one session sends to the FETCH that another hears.
import { mailboxName, type Mailbox } from '../mailbox';
import { median, pause } from '../measuring';
import type { ImapSession } from '../wire/imap-session';
import type { Row } from './row';

/** Servers that look for changes only now and then do so every half minute. */
const PATIENCE_MS = 90_000;
/** Mail does not come more often, and some servers compare the times of files, which are whole seconds. */
const PACE_MS = 1_100;

export function push(where: 'same' | 'second', title: string, mailbox: Mailbox): Row {
  return {
    name: `push-${where}`,
    figures: [{ title, unit: 'ms', better: 'less' }],
    needs: where === 'second' ? ['second'] : [],
    mailboxes: [mailbox],
    async measure(stage) {
      const watcher = await stage.selected(1, mailbox.name);
      const changer = await stage.imap(1, where === 'second' ? stage.server.second! : stage.server.imap);
      await changer.command(`SELECT ${await mailboxName(changer, mailbox.name)}`);
      await changer.command(String.raw`STORE 1 -FLAGS.SILENT (\Flagged)`);
      await watcher.command('NOOP');
      const heard = new Heard();
      const endIdle = await watcher.idle((line) => heard.untagged(line));
      const times: number[] = [];
      for (let i = 0; i < stage.scale.pushes; i += 1) {
        await pause(PACE_MS);
        times.push(await pushMs(changer, heard, i % 2 === 0));
      }
      await endIdle();
      await changer.command(String.raw`STORE 1 -FLAGS.SILENT (\Flagged)`);
      return [median(times)];
    },
  };
}

async function pushMs(changer: ImapSession, heard: Heard, isFlagged: boolean): Promise<number> {
  const start = performance.now();
  const pushed = heard.flagged(isFlagged).then(() => performance.now() - start);
  const [time] = await Promise.all([pushed, changer.command(String.raw`STORE 1 ${isFlagged ? '+' : '-'}FLAGS.SILENT (\Flagged)`)]);
  return time;
}

/** What the idle session is told of message 1. */
class Heard {
  private isAwaited: (line: string) => boolean = () => false;
  private wake: () => void = () => undefined;

  untagged(line: string): void {
    if (line.startsWith('* 1 FETCH ') && this.isAwaited(line)) this.wake();
  }

  async flagged(wanted: boolean): Promise<void> {
    this.isAwaited = (line) => line.includes(String.raw`\Flagged`) === wanted;
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.wake = resolve;
        timer = setTimeout(() => reject(new Error(`IDLE was not told of a change within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS);
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
