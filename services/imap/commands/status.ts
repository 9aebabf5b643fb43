// STATUS: RFC 3501 §6.3.10, with what later RFCs added to it.
import type { Account } from '../../core/account/account';
import { findMailbox } from '../../core/account/account-state';
import type { Mailbox } from '../../core/account/mailbox';
import { Refusal } from '../../core/runtime/errors';
import { ByteWriter } from '../../core/wire/byte-writer';
import { enableCondstore } from '../condstore';
import type { Command } from '../grammar/command';
import type { StatusItem } from '../grammar/status-args';
import { AUTHENTICATED, type Handler } from '../handler';
import { imapLimits } from '../imap-limits';
import { mailboxObjectId } from '../object-ids';
import { writeStatusResponse } from '../responses/status-response';

export const status: Handler<Extract<Command, { kind: 'status' }>> = {
  states: AUTHENTICATED,
  reads: 'fresh',
  syncs: 'all',
  tellsAtEnd: true,
  async *run({ mailbox: name, items }, { session }) {
    const { account } = session;
    const found = findMailbox(account.state, name);
    if (!found) throw new Refusal('NONEXISTENT', 'no such mailbox');
    if (items.has('HIGHESTMODSEQ')) yield enableCondstore(session);
    const writer = new ByteWriter();
    writeStatusResponse(writer, name, [...items].map((item) => [item, values[item](found.mailbox, account)] as const));
    yield writer.take();
    return { text: 'STATUS completed' };
  },
};

/** The value of each item. */
const values: { readonly [Item in StatusItem]: (mailbox: Mailbox, account: Account) => number | string } = {
  MESSAGES: ({ exists }) => exists,
  RECENT: (mailbox, account) => account.recent.count(mailbox),
  UIDNEXT: ({ uidNext }) => uidNext,
  UIDVALIDITY: ({ uidValidity }) => uidValidity,
  UNSEEN: ({ totals }) => totals.unseen,
  HIGHESTMODSEQ: ({ highestModSeq }) => highestModSeq,
  SIZE: ({ totals }) => totals.bytes,
  DELETED: ({ totals }) => totals.deleted,
  'DELETED-STORAGE': ({ totals }) => totals.deletedBytes, // RFC 9208 §4.1.4: octets, unlike STORAGE.
  APPENDLIMIT: () => imapLimits.messageBytes,
  MAILBOXID: ({ id: mailbox }, { id: account }) => `(${mailboxObjectId(account, mailbox)})`,
};
