// COPY, MOVE and their UID forms: RFC 3501 §6.4.7, RFC 6851, RFC 4315 §3.
import { isOverQuota } from '../../core/account/decide/add-messages';
import { copyMessages, type Copied } from '../../core/account/decide/copy-messages';
import { Refusal } from '../../core/runtime/errors';
import { highestModSeqCode } from '../condstore';
import type { Command } from '../grammar/command';
import { SELECTED, type Handler } from '../handler';
import { copyUidCode } from '../responses/response-codes';
import { untagged } from '../responses/status';
import type { Session } from '../session';
import { requireReadWrite, uidsOf } from '../targets';

type CopyCommand = Extract<Command, { kind: 'copy' | 'move' }>;

export const copy: Handler<CopyCommand> = {
  states: SELECTED,
  reads: 'heard',
  syncs: 'all', // RFC 3501 §7.4.1 names FETCH, STORE and SEARCH alone.
  async *run(command, { session }) {
    const copied = await copyOf(command, session);
    // RFC 9208 §4.3.1: what went to \Trash with an allowance.
    if (!copied.from.isEmpty && isOverQuota(session.account.state)) yield untagged('NO', 'the account is over its quota', 'OVERQUOTA');
    return { text: 'COPY completed', ...(!copied.from.isEmpty && { code: codeOf(copied) }) };
  },
};

export const move: Handler<CopyCommand> = {
  states: SELECTED,
  reads: 'heard',
  syncs: 'all',
  async *run(command, { session }) {
    requireReadWrite(session.selected);
    const copied = await copyOf(command, session);
    if (copied.from.isEmpty) return { text: 'there was nothing to move' };
    // RFC 6851 §4.3: before the EXPUNGEs, which the sync will tell.
    yield untagged('OK', 'moved', codeOf(copied));
    return { text: 'MOVE completed', code: () => highestModSeqCode(session) };
  },
};

/** What is gone elsewhere is passed over; if nothing is left, the UID forms did nothing (RFC 3501 §6.4.8) and the others refuse. */
async function copyOf({ kind, set, byUid, mailbox: target }: CopyCommand, { account, selected }: Session): Promise<Copied> {
  const asked = uidsOf(selected, set, byUid);
  const copied = await account.commit(copyMessages(selected.mailbox, asked, target, kind === 'move' ? 'move' : 'copy'));
  if (!copied.from.isEmpty || byUid) return copied;
  if (asked.isEmpty) throw new Refusal('NONEXISTENT', 'there are no such messages');
  throw new Refusal('EXPUNGEISSUED', 'the messages are no longer there');
}

function codeOf({ uidValidity, from, to }: Copied): string {
  return copyUidCode(uidValidity, from, to);
}
