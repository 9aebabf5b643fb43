// Whole messages, as a client fetches them that makes its copy of a mailbox.
import type { Mailbox } from '../mailbox';
import { median, timeMs } from '../measuring';
import { fetchAll } from './fetch';
import type { Row } from './row';

const BYTES_PER_MB = 1_000_000;

export function bodies(name: string, title: string, mailbox: Mailbox): Row {
  return {
    name,
    figures: [{ title, unit: 'MB/s', better: 'more' }],
    needs: [],
    mailboxes: [mailbox],
    async measure(stage) {
      const session = await stage.selected(1, mailbox.name);
      const rates: number[] = [];
      for (let i = 0; i < stage.scale.samples; i += 1) {
        const before = session.octets;
        const time = await timeMs(() => fetchAll(session, 'BODY.PEEK[]', mailbox));
        rates.push((session.octets - before) / BYTES_PER_MB / (time / 1_000));
      }
      return [median(rates)];
    },
  };
}
