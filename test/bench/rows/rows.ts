// The table: every row that can be measured, in the order in which it is printed.
import type { Mailbox } from '../mailbox';
import { LARGE_BYTES, SMALL_BYTES, type Scale } from '../scale';
import { bodies } from './bodies';
import { append, store } from './change';
import { deliver } from './deliver';
import { LIST_ITEMS, fetchAgain, fetchAll, fetchFirst, fetchFlags } from './fetch';
import { login } from './login';
import { memory } from './memory';
import { noopBeside, type Heavy } from './noop';
import { push } from './push';
import { retrieve } from './retrieve';
import { spelled, type Row } from './row';
import { SEARCHES, search, searchAll } from './search';
import { select } from './select';

export function rowsOf(scale: Scale): readonly Row[] {
  const [few, some, many] = [small(scale.few), small(scale.some), small(scale.many)];
  const large: Mailbox = { name: `Large${scale.largeMessages}`, accounts: 1, messages: scale.largeMessages, sizeBytes: LARGE_BYTES };
  const maildrop: Mailbox = { name: 'INBOX', accounts: 1, messages: scale.maildrop, sizeBytes: SMALL_BYTES };
  const of = spelled(many.messages);
  const heavy: readonly Heavy[] = [
    { name: 'fetch-flags', title: `FETCH FLAGS of ${of}`, mailbox: many, run: (session) => fetchAll(session, 'FLAGS', many) },
    { name: 'fetch-again', title: `FETCH ENVELOPE of ${of}`, mailbox: many, run: (session) => fetchAll(session, LIST_ITEMS, many) },
    { name: 'bodies-large', title: 'bodies of 100 KB', mailbox: large, run: (session) => fetchAll(session, 'BODY.PEEK[]', large) },
    { name: 'search-text', title: `SEARCH TEXT over ${of}`, mailbox: many, run: (session) => searchAll(session, SEARCHES['search-text'], many) },
    { name: 'search-subject', title: `SEARCH SUBJECT over ${of}`, mailbox: many, run: (session) => searchAll(session, SEARCHES['search-subject'], many) },
    { name: 'store', title: `STORE 1:* of ${of}`, mailbox: many, run: storeAll },
  ];
  return [
    login,
    ...[few, some, many].map(select),
    fetchFirst(many),
    fetchAgain(many),
    fetchFlags(many),
    bodies('bodies-large', `bodies of 100 KB, ${spelled(large.messages)}`, large),
    bodies('bodies-small', `bodies of 2 KB, ${spelled(some.messages)}`, some),
    store('store-many', scale.writers, few),
    store('store-one', 1, few),
    append('append-many', scale.writers),
    append('append-one', 1),
    deliver(scale.deliverers, scale.accounts),
    retrieve(maildrop),
    search('search-text', many),
    search('search-subject', many),
    push('same', 'IDLE: push of a change made beside it', few),
    push('second', 'IDLE: push of a change made on another process', few),
    ...heavy.map(noopBeside),
    memory(scale.idleSessions),
  ];
}

function small(messages: number): Mailbox {
  return { name: String(messages), accounts: 1, messages, sizeBytes: SMALL_BYTES };
}

/** A flag on every message, and off again. */
async function storeAll(session: Parameters<Heavy['run']>[0]): Promise<void> {
  for (const sign of ['+', '-']) await session.command(`STORE 1:* ${sign}FLAGS.SILENT (\\Flagged)`);
}
