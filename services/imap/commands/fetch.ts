// FETCH and UID FETCH: RFC 3501 §6.4.5, RFC 7162 §3.1.4 and §3.2.6.
import { storeFlags } from '../../core/account/decide/store-flags';
import { UidSet } from '../../core/account/uid-set';
import { BadCommand, Refusal, Unavailable } from '../../core/runtime/errors';
import { ByteWriter } from '../../core/wire/byte-writer';
import { enableCondstore, heldBackModSeq } from '../condstore';
import { FetchAnswer } from '../fetch/fetch-answer';
import type { Unread } from '../fetch/unread';
import type { Command } from '../grammar/command';
import type { SequenceSet } from '../grammar/sequence-set';
import { SELECTED, type Completion, type Context, type Handler } from '../handler';
import { writeVanished } from '../responses/vanished';
import type { Selected } from '../session';
import type { OwnStore } from '../sync';

type FetchCommand = Extract<Command, { kind: 'fetch' }>;

export const fetch: Handler<FetchCommand> = {
  states: SELECTED,
  reads: 'heard',
  syncs: ({ byUid }) => (byUid ? 'all' : 'hold'), // RFC 3501 §7.4.1
  async *run(command, context) {
    const { session } = context;
    const { set, items, changedSince, vanished, byUid } = command;
    // RFC 7162 §3.2.3
    if (vanished && !session.enabled.has('QRESYNC')) throw new BadCommand('VANISHED needs ENABLE QRESYNC');
    // RFC 7162 §3.1
    const tellsModSeqs = changedSince !== null || items.some(({ kind }) => kind === 'modSeq');
    if (tellsModSeqs) yield enableCondstore(session);
    if (vanished) yield vanishedEarlier(session.selected, set, changedSince!);
    const answer = new FetchAnswer(command, context);
    yield* answer.lines();
    if (tellsModSeqs && !byUid) yield heldBackModSeq(session);
    const own = await markSeen(answer.nowSeen, byUid, context);
    return { ...outcome(answer.unread), ...(own && { own }) };
  },
};

/**
 * RFC 7162 §3.2.6: what is gone of the set, before all FETCH responses. Not what the client still counts: that is told without
 * EARLIER, by the sync.
 */
function vanishedEarlier({ view }: Selected, set: SequenceSet, since: number): Uint8Array {
  const { mailbox } = view;
  const asked = UidSet.ofRanges(set.within(mailbox.uidNext - 1));
  const ghosts = view.ghostUids();
  const gone = UidSet.ofAscending([...mailbox.vanishedSince(since).intersection(asked)].filter((uid) => !ghosts.has(uid)));
  const out = new ByteWriter();
  if (!gone.isEmpty) writeVanished(out, gone, true);
  return out.take();
}

/** One change for the whole command (RFC 3501 §6.4.5). The bodies were served already: without the store the flag stays as it is. */
async function markSeen(uids: readonly number[], byUid: boolean, { session, log }: Context): Promise<OwnStore | null> {
  const { mailbox, isReadOnly } = session.selected;
  if (uids.length === 0 || isReadOnly) return null;
  try {
    const { stored, edit } = await session.account.commit(storeFlags(mailbox, UidSet.ofAscending(uids), { mode: 'add', flags: ['\\Seen'] }));
    return { uids: stored, isSilent: false, isConditional: false, edit, byUid };
  } catch (error) {
    if (!(error instanceof Unavailable) && !(error instanceof Refusal)) throw error;
    log.warn({ error, account: session.account.id, mailbox }, 'messages were read but could not be marked so');
    return null;
  }
}

function outcome({ damaged, unavailable }: Unread): Completion {
  if (unavailable > 0) return { condition: 'NO', code: 'UNAVAILABLE', text: 'some of the messages could not be read now' };
  if (damaged > 0) return { condition: 'NO', code: 'SERVERBUG', text: 'some of the messages cannot be read any more' };
  return { text: 'FETCH completed' };
}
