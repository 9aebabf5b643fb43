// Turns decisions into entries: one entry at a time, all commands that wait in one entry (group commit).
import { createHash } from 'node:crypto';
import { sleep, withDeadline, type Clock } from '../runtime/clock';
import { FateUnknown, Refusal, Unavailable } from '../runtime/errors';
import { limits } from '../runtime/limits';
import type { Random } from '../runtime/random';
import { blobKey } from '../store/blob-key';
import type { Entry, Spill } from './entry';
import type { Follower } from './follower';
import { raised, type Version } from './machine';
import { Sender, type Draft } from './sender';

/** What a command wants, decided on one state: facts to store (null: nothing changes), and what to tell the client. */
export interface Decision<Change, Result> {
  readonly change: Change | null;
  readonly result: Result;
}

/**
 * Pure: called again on a newer state after a lost race. Throws Refusal to refuse.
 * `timeMs` is the commit time that the entry will carry.
 */
export type Decide<State, Change, Result> = (state: State, timeMs: number) => Decision<Change, Result>;

interface Waiting<State, Change> {
  readonly decide: Decide<State, Change, unknown>;
  /** Taken when the command arrived: a refusal is final only on a state read after it (W8). */
  readonly mark: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

export class Committer<State, Change> {
  private waiting: Waiting<State, Change>[] = [];
  private running = false;
  private readonly sender: Sender<State, Change>;

  constructor(
    private readonly follower: Follower<State, Change>,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly onCommitted: (position: number) => void,
  ) {
    this.sender = new Sender(follower, clock, random);
  }

  /**
   * Resolves with the decision's result when the state that it describes is durable. Throws Refusal (final, on a fresh state),
   * Unavailable (nothing was changed), FateUnknown (nobody knows).
   */
  commit<Result>(decide: Decide<State, Change, Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.waiting.push({ decide, mark: this.follower.mark(), resolve: resolve as (result: unknown) => void, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, limits.changesPerEntry);
      try {
        const outcomes = await this.settle(group);
        for (const [i, outcome] of outcomes.entries()) {
          if ('error' in outcome) group[i]!.reject(outcome.error);
          else group[i]!.resolve(outcome.result);
        }
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.running = false;
  }

  /** Decides the group, each by itself, until what was decided is durable. What makes too large an entry leaves `group` for the next one. */
  private async settle(group: Waiting<State, Change>[]): Promise<Outcome[]> {
    const giveUpAtMs = this.clock.monotonicMs() + limits.commitMs;
    for (;;) {
      if (this.follower.ageMs() > limits.stateAgeMaxMs) await this.follower.refresh();
      const { outcomes, changes, state, timeMs } = decideAll(this.follower, group, this.clock.nowMs());
      this.waiting.unshift(...group.splice(outcomes.length));
      if (changes.length === 0) {
        if (group.every(({ mark }) => this.follower.isReadSince(mark))) return outcomes;
        await this.follower.refresh();
        continue;
      }
      const draft = await this.draft(this.follower.current, changes, state, timeMs);
      switch (await this.sender.send(draft)) {
        case 'won':
          this.onCommitted(draft.next.position);
          return outcomes; // The position was free until now, so refusals in this group were decided on the newest state (W8).
        case 'refused':
          throw new Unavailable('the change could not be stored; try again');
        case 'unknown':
          throw new FateUnknown('the store does not tell whether the change was stored');
        case 'lost':
          if (this.clock.monotonicMs() >= giveUpAtMs) throw new Refusal('INUSE', 'others keep changing this account; try again');
          await sleep(this.clock, limits.retryPauseMs * this.random.fraction());
      }
    }
  }

  private async draft(base: Version<State>, changes: readonly Change[], state: State, timeMs: number): Promise<Draft<State>> {
    const token = this.random.bytes(16);
    const bytes = this.follower.machine.encode(changes);
    const entry: Entry = {
      token,
      timeMs,
      firstModSeq: base.nextModSeq,
      changeCount: changes.length,
      changes: bytes.length > limits.inlineChangesBytes ? await this.spill(bytes) : bytes,
      totals: this.follower.machine.totals(state, changes),
    };
    const next = { position: base.position + 1, token, nextModSeq: base.nextModSeq + changes.length, state };
    return { base, entry, next: raised(this.follower.machine, next) };
  }

  /** Stores large changes under a fresh name before the entry that will name them (W2). */
  private async spill(bytes: Uint8Array): Promise<Spill> {
    const { blobs, logId } = this.follower.source;
    const blobId = this.random.bytes(16);
    const key = blobKey(logId, blobId);
    try {
      await withDeadline(this.clock, limits.commitMs, blobs.put(key, bytes), () => new Unavailable('the blob store does not answer'));
    } catch (cause) {
      throw new Unavailable('the blob store did not take the change', { cause });
    }
    return { blobId, digest: createHash('sha256').update(bytes).digest() };
  }
}

/**
 * Each command decides on what the ones before it in the group made; a refusal leaves no trace. Ends before the change with which the
 * entry would be too large: fewer outcomes than commands, but at least one.
 */
function decideAll<State, Change>(follower: Follower<State, Change>, group: readonly Waiting<State, Change>[], timeMs: number) {
  const { current, machine } = follower;
  let state = current.state;
  const changes: Change[] = [];
  const outcomes: Outcome[] = [];
  let bytes = 0;
  for (const { decide } of group) {
    try {
      const { change, result } = decide(state, timeMs);
      if (change !== null) {
        bytes += machine.encodedBytesMax(change);
        if (changes.length > 0 && bytes > limits.changesBytesPerEntry) break;
        state = machine.apply(state, change, { modSeq: current.nextModSeq + changes.length, timeMs });
        changes.push(change);
      }
      outcomes.push({ result });
    } catch (error) {
      outcomes.push({ error });
    }
  }
  return { outcomes, changes, state, timeMs };
}
