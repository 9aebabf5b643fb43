// From a set of numbers or UIDs to ranges of message numbers in the view, without naming each: `1:*` costs as much as `1`.
import type { View } from '../core/account/view';
import type { SequenceSet } from './grammar/sequence-set';
import type { Selected } from './session';

export type NumberRange = readonly [first: number, last: number];

/** The numbers that the set names, ascending, ghosts included. */
export function* numberRanges({ view }: Selected, set: SequenceSet, byUid: boolean): Generator<NumberRange> {
  if (!byUid) {
    yield* set.within(view.exists);
    return;
  }
  const below = ranking(view);
  for (const [first, last] of set.within(view.uidAt(view.exists) ?? 0)) {
    const [before, through] = [below(first), below(last + 1)];
    if (before < through) yield [before + 1, through];
  }
}

/** A function that tells how many messages of the view have a UID below one; to be asked with ascending UIDs. */
function ranking(view: View): (uid: number) => number {
  const ghosts = [...view.ghostUids()];
  let ghostsBelow = 0;
  return (uid) => {
    while (ghostsBelow < ghosts.length && ghosts[ghostsBelow]! < uid) ghostsBelow += 1;
    return view.mailbox.rank(uid) + ghostsBelow;
  };
}
