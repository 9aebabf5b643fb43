// Which messages a command means: a set of numbers or UIDs, against what the session has been told.
import { UidSet } from '../core/account/uid-set';
import { Refusal } from '../core/runtime/errors';
import type { SequenceSet } from './grammar/sequence-set';
import type { Selected } from './session';

/** The UIDs that the set names, up to the last one that the session was told of, which is `*`: of ghosts too. */
export function uidsOf({ view }: Selected, set: SequenceSet, byUid: boolean): UidSet {
  if (!byUid) return view.uidsOf(set.within(view.exists));
  return UidSet.ofRanges(set.within(view.uidAt(view.exists) ?? 0));
}

/** Refuses in a mailbox that was opened with EXAMINE. */
export function requireReadWrite(selected: Selected): Selected {
  if (selected.isReadOnly) throw new Refusal('CANNOT', 'the mailbox was opened read-only');
  return selected;
}
