// STORE and UID STORE: RFC 3501 §6.4.6, RFC 7162 §3.1.3. Flags are told by the sync that follows, others' changes among them.
import { storeFlags } from '../../core/account/decide/store-flags';
import { UidSet } from '../../core/account/uid-set';
import { enableCondstore } from '../condstore';
import type { Command } from '../grammar/command';
import { SELECTED, type Completion, type Handler } from '../handler';
import { modifiedCode } from '../responses/response-codes';
import type { Selected } from '../session';
import { requireReadWrite, uidsOf } from '../targets';

export const store: Handler<Extract<Command, { kind: 'store' }>> = {
  states: SELECTED,
  reads: 'heard',
  syncs: ({ byUid }) => (byUid ? 'all' : 'hold'), // RFC 3501 §7.4.1
  async *run({ set, byUid, action, flags, silent, unchangedSince }, { session }) {
    const selected = requireReadWrite(session.selected);
    // RFC 7162 §3.1
    if (unchangedSince !== null) yield enableCondstore(session);
    const asked = uidsOf(selected, set, byUid);
    const { stored, modified, edit } = await session.account.commit(storeFlags(selected.mailbox, asked, { mode: action, flags }, unchangedSince));
    const own = { uids: stored, isSilent: silent, isConditional: unchangedSince !== null, edit, byUid };
    const isGone = !byUid && stored.size + modified.size < asked.size;
    return { ...outcome(selected, byUid, modified, isGone), own };
  },
};

/** RFC 7162 §3.1.3, example 11: what is there is done, and NO tells that some of the messages are not. */
function outcome({ view }: Selected, byUid: boolean, modified: UidSet, isGone: boolean): Completion {
  const condition = isGone ? 'NO' : 'OK';
  if (!modified.isEmpty) {
    const messages = byUid ? modified : UidSet.of([...modified].map((uid) => view.numberOf(uid)!));
    return { condition, code: modifiedCode(messages), text: isGone ? GONE : 'some of the messages have changed since' };
  }
  return isGone ? { condition, code: 'EXPUNGEISSUED', text: GONE } : { text: 'STORE completed' };
}

const GONE = 'some of the messages are no longer there';
