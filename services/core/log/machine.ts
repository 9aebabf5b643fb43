// What a log is folded by. The log core knows no mail: it moves changes of some machine.
import type { TotalsRow } from './entry';

/** When a change happened, by the log itself. */
export interface ChangeTime {
  readonly modSeq: number;
  /** The entry's commit time. */
  readonly timeMs: number;
}

export interface Machine<State, Change> {
  readonly initial: State;
  /** Pure and total: no fact can be refused (law "facts, not requests"). Throws Damaged on facts that contradict the state. */
  apply(state: State, change: Change, at: ChangeTime): State;
  /** The totals of the mailboxes that these changes name, in `state`, which is the state after them. */
  totals(state: State, changes: readonly Change[]): TotalsRow[];
  /** No mod-sequence of the next entry may be below this (N5); 0 where nothing raised it. */
  modSeqBase(state: State): number;
  encode(changes: readonly Change[]): Uint8Array;
  /** At least as many bytes as `encode` makes of this change, and not many more; without encoding it. */
  encodedBytesMax(change: Change): number;
  /** Throws Damaged. */
  decode(bytes: Uint8Array): Change[];
}

/** A state and where in its log it stands. Immutable. */
export interface Version<State> {
  readonly position: number;
  /** The token of the entry at `position`; null before the first. */
  readonly token: Uint8Array | null;
  /** Of the next entry's first change. */
  readonly nextModSeq: number;
  readonly state: State;
}

/** `version`, whose mod-sequences go on after its last change, or where that change raised them to (N5). */
export function raised<State, Change>(machine: Machine<State, Change>, version: Version<State>): Version<State> {
  return { ...version, nextModSeq: Math.max(version.nextModSeq, machine.modSeqBase(version.state)) };
}
