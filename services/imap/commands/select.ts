// SELECT and EXAMINE: RFC 3501 §6.3.1, §6.3.2, with CONDSTORE and QRESYNC of RFC 7162 §3.1.8, §3.2.5, MAILBOXID of
// RFC 8474 §4.2.
import type { Account } from '../../core/account/account';
import { findMailbox, type AccountState, type NamedMailbox } from '../../core/account/account-state';
import { inboxId } from '../../core/account/decide/folders';
import { systemFlags } from '../../core/account/flag';
import type { Mailbox } from '../../core/account/mailbox';
import { View } from '../../core/account/view';
import { BadCommand, Refusal } from '../../core/runtime/errors';
import { limits } from '../../core/runtime/limits';
import { ByteWriter } from '../../core/wire/byte-writer';
import type { Command } from '../grammar/command';
import { AUTHENTICATED, type Handler } from '../handler';
import { mailboxObjectId } from '../object-ids';
import { CLOSED } from '../own-close';
import { resynchronized } from '../resynchronize';
import { writeMailboxFlags } from '../responses/flags';
import { writeExists, writeRecent } from '../responses/mailbox-size';
import { mailboxIdCode, numberCode, permanentFlagsCode } from '../responses/response-codes';
import { untagged } from '../responses/status';
import type { Selected, Session } from '../session';
import { claimRecent, recentCount, requireOpenAccount } from '../sync';

type SelectCommand = Extract<Command, { kind: 'select' | 'examine' }>;

export const select: Handler<SelectCommand> = {
  states: AUTHENTICATED,
  // It reads by itself, when the old mailbox is closed: a SELECT that fails leaves none selected.
  reads: 'none',
  syncs: 'none',
  async *run({ kind, mailbox: name, condstore, qresync }, { session }) {
    // RFC 7162 §3.2.5
    if (qresync && !session.enabled.has('QRESYNC')) throw new BadCommand('ENABLE QRESYNC first');
    if (session.state.name === 'selected') {
      session.state = session.unselected();
      yield CLOSED; // RFC 7162 §3.2.11: what follows is about another mailbox.
    }
    await session.account.refresh();
    const { state } = session.account;
    requireOpenAccount(state);
    const { folder, mailbox } = requireSelectable(state, name);
    if (condstore || qresync) session.enabled.add('CONDSTORE'); // RFC 7162 §3.1.8
    const selected = opened(session, mailbox, kind === 'examine', inboxId(state) === folder.id);
    yield introduction(session.account, selected);
    if (qresync?.uidValidity === mailbox.uidValidity) yield* resynchronized(state, selected, qresync);
    const next = { name: 'selected', user: userOf(session), selected } as const;
    return { text: `${kind.toUpperCase()} completed`, code: selected.isReadOnly ? 'READ-ONLY' : 'READ-WRITE', next };
  },
};

/** RFC 3501 §6.3.2: the same, but nothing that the session does changes the mailbox. */
export const examine = select;

function requireSelectable(state: AccountState, name: string): NamedMailbox {
  const found = findMailbox(state, name);
  if (found) return found;
  if (state.tree.find(name)) throw new Refusal('CANNOT', 'this is only a name for the mailboxes below it');
  throw new Refusal('NONEXISTENT', 'no such mailbox');
}

function opened({ account }: Session, mailbox: Mailbox, isReadOnly: boolean, isInbox: boolean): Selected {
  const { keywords } = account.state;
  const selected: Selected = { mailbox: mailbox.id, isInbox, isReadOnly, view: new View(mailbox), recent: [], keywordsTold: keywords.length };
  claimRecent(selected, account.recent.claim(mailbox, !isReadOnly), mailbox);
  return selected;
}

function userOf({ state }: Session) {
  if (state.name === 'authenticated' || state.name === 'selected') return state.user;
  throw new Error('nobody is signed in');
}

/** What every SELECT tells. */
function introduction({ id, state: { keywords } }: Account, selected: Selected): Uint8Array {
  const { mailbox } = selected.view;
  const writer = new ByteWriter();
  writeMailboxFlags(writer, keywords);
  writeExists(writer, mailbox.exists);
  writeRecent(writer, recentCount(selected));
  const unseen = firstUnseen(mailbox);
  if (unseen !== null) writer.bytes(untagged('OK', 'the first that is not seen', numberCode('UNSEEN', unseen)));
  const hasRoom = keywords.length < limits.keywords;
  const permanent = selected.isReadOnly ? permanentFlagsCode([], false) : permanentFlagsCode([...systemFlags, ...keywords], hasRoom);
  writer.bytes(untagged('OK', 'flags that stay', permanent));
  writer.bytes(untagged('OK', 'the UID of the next message', numberCode('UIDNEXT', mailbox.uidNext)));
  writer.bytes(untagged('OK', 'UIDs are valid', numberCode('UIDVALIDITY', mailbox.uidValidity)));
  writer.bytes(untagged('OK', 'the highest mod-sequence', numberCode('HIGHESTMODSEQ', mailbox.highestModSeq)));
  writer.bytes(untagged('OK', 'the id of the mailbox', mailboxIdCode(mailboxObjectId(id, mailbox.id))));
  return writer.take();
}

/** The number of the first message that is not \Seen; null if all are. */
function firstUnseen({ chunks, totals }: Mailbox): number | null {
  if (totals.unseen === 0) return null;
  let before = 0;
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length; i += 1) if (!chunk.isSeen(i)) return before + i + 1;
    before += chunk.length;
  }
  return null;
}
