// SEARCH for words that one message in a hundred has.
import { RARE_EVERY, RARE_SUBJECT, RARE_TEXT } from '../generated-message';
import type { Mailbox } from '../mailbox';
import { medianMs } from '../measuring';
import type { ImapSession } from '../wire/imap-session';
import { requireCount, spelled, type Row } from './row';

export const SEARCHES = { 'search-text': `TEXT ${RARE_TEXT}`, 'search-subject': `SUBJECT ${RARE_SUBJECT}` } as const;

/** Rejects unless the server finds just the messages that have the word. */
export async function searchAll(session: ImapSession, key: string, mailbox: Mailbox): Promise<void> {
  const [line = ''] = (await session.untagged(`SEARCH ${key}`)).filter((each) => each.startsWith('* SEARCH'));
  requireCount(`SEARCH ${key}`, line.split(' ').length - 2, Math.ceil(mailbox.messages / RARE_EVERY));
}

export function search(name: keyof typeof SEARCHES, mailbox: Mailbox): Row {
  return {
    name,
    figures: [{ title: `SEARCH ${SEARCHES[name].split(' ')[0]} over ${spelled(mailbox.messages)}`, unit: 'ms', better: 'less' }],
    needs: [],
    mailboxes: [mailbox],
    async measure(stage) {
      const session = await stage.selected(1, mailbox.name);
      // Once is enough: the rounds give the median, and some servers read every message for it.
      return [await medianMs(1, () => searchAll(session, SEARCHES[name], mailbox))];
    },
  };
}
