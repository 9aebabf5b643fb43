// FETCH of what a client shows in a list, of a whole mailbox.
import type { Mailbox } from '../mailbox';
import { medianMs, timeMs } from '../measuring';
import type { ImapSession } from '../wire/imap-session';
import { requireCount, spelled, type Row } from './row';

export const LIST_ITEMS = '(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)';

/** FETCH of every message. Rejects unless the server answers one response for each. */
export async function fetchAll(session: ImapSession, items: string, { name, messages }: Mailbox): Promise<void> {
  const before = session.responses;
  await session.command(`FETCH 1:* ${items}`);
  requireCount(`FETCH 1:* ${items} in ${name}`, session.responses - before, messages);
}

export function fetchFlags(mailbox: Mailbox): Row {
  return {
    name: 'fetch-flags',
    figures: [{ title: `FETCH 1:* FLAGS of ${spelled(mailbox.messages)}`, unit: 'ms', better: 'less' }],
    needs: [],
    mailboxes: [mailbox],
    async measure(stage) {
      const session = await stage.selected(1, mailbox.name);
      return [await medianMs(stage.scale.samples, () => fetchAll(session, 'FLAGS', mailbox))];
    },
  };
}

/** The server has just forgotten everything: what a client waits for after a restart, or elsewhere after a first delivery. */
export function fetchFirst(mailbox: Mailbox): Row {
  return {
    name: 'fetch-first',
    figures: [
      { title: `first LOGIN and SELECT of ${spelled(mailbox.messages)}`, unit: 'ms', better: 'less' },
      { title: `FETCH 1:* ENVELOPE of ${spelled(mailbox.messages)}, first`, unit: 'ms', better: 'less' },
    ],
    needs: ['cold'],
    mailboxes: [mailbox],
    async measure(stage) {
      await stage.server.cold!();
      const start = performance.now();
      const session = await stage.selected(1, mailbox.name);
      const openedMs = performance.now() - start;
      return [openedMs, await timeMs(() => fetchAll(session, LIST_ITEMS, mailbox))];
    },
  };
}

export function fetchAgain(mailbox: Mailbox): Row {
  return {
    name: 'fetch-again',
    figures: [{ title: `FETCH 1:* ENVELOPE of ${spelled(mailbox.messages)}, again`, unit: 'ms', better: 'less' }],
    needs: [],
    mailboxes: [mailbox],
    async measure(stage) {
      // Another session than the one that made the server read it all.
      await fetchAll(await stage.selected(1, mailbox.name), LIST_ITEMS, mailbox);
      const session = await stage.selected(1, mailbox.name);
      return [await medianMs(stage.scale.samples, () => fetchAll(session, LIST_ITEMS, mailbox))];
    },
  };
}
