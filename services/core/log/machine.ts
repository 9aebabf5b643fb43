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
  encode(changes: readonly Change[]): Uint8Array;
  /** Throws Damaged. */
  decode(bytes: Uint8Array): Change[];
}

/** A state and where in its log it stands. Immutable. */
export interface Version<State> {
  readonly position: number;
  /** The token of the entry at `position`; null before the first. */
  readonly token: Uint8Array | null;
  readonly nextModSeq: number;
  readonly state: State;
}
