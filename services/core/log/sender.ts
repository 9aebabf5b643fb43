// Brings one entry into the log, or learns that it is not in it. docs/log-protocol.md, "Unknown fates": every rule of that table is here.
import { sleep, type Clock } from '../runtime/clock';
import { limits } from '../runtime/limits';
import type { Random } from '../runtime/random';
import { encodeEntry, sameBytes, type Entry } from './entry';
import type { Follower } from './follower';
import type { Version } from './machine';
import type { Pointer } from './pointer';
import { readRootHead } from './root';
import type { TailRead } from './tail';

/**
 * won: the entry is in the log. lost: another is at its position. refused: it is not in the log and never will be.
 * unknown: the store does not tell.
 */
export type Fate = 'won' | 'lost' | 'refused' | 'unknown';

/** An entry, the version that it was decided on, and the one that it makes. */
export interface Draft<State> {
  readonly base: Version<State>;
  readonly entry: Entry;
  readonly next: Version<State>;
}

export class Sender<State, Change> {
  constructor(
    private readonly follower: Follower<State, Change>,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Sends the very same entry until its fate is known or `limits.commitMs` have passed; then fences it off. */
  async send(draft: Draft<State>): Promise<Fate> {
    const giveUpAtMs = this.clock.monotonicMs() + limits.commitMs;
    for (let pauseMs: number = limits.retryPauseMs; ; pauseMs = Math.min(2 * pauseMs, limits.retryPauseMaxMs)) {
      const fate = await this.attempt(draft);
      if (fate !== 'unknown' || this.follower.isDamaged) return fate;
      if (this.clock.monotonicMs() >= giveUpAtMs) return this.fence(draft.base, draft.entry.token);
      await sleep(this.clock, pauseMs * (0.5 + this.random.fraction()));
    }
  }

  /**
   * After this, an entry that may still be under way can never be stored (W6): 'refused' if an empty entry took its place or
   * another had it, 'won' if it was there before.
   */
  private async fence(base: Version<State>, fencedToken: Uint8Array): Promise<Fate> {
    const entry: Entry = {
      token: this.random.bytes(16),
      timeMs: this.clock.nowMs(),
      firstModSeq: base.nextModSeq,
      changeCount: 0,
      changes: this.follower.machine.encode([]),
      totals: [],
    };
    const next = { ...base, position: base.position + 1, token: entry.token };
    return this.attempt({ base, entry, next }, fencedToken);
  }

  /** One request, and if it did not answer 'stored' on a young state, one read of the tail after the base: never of one item (W4). */
  private async attempt(draft: Draft<State>, fencedToken?: Uint8Array): Promise<Fate> {
    const { base, entry, next } = draft;
    const isFence = fencedToken !== undefined;
    const answer = await this.append(base.position + 1, encodeEntry(entry));
    if (answer === 'stored' && this.follower.ageMs() <= limits.stateAgeMaxMs) {
      this.follower.advance(next);
      return isFence ? 'refused' : 'won';
    }
    const tail = await this.readAfter(base.position);
    if (tail?.kind === 'trimmed') return this.fateBelowFloor(tail.pointer, fencedToken ?? entry.token);
    if (tail?.kind !== 'tail') return 'unknown';
    const winner = tail.entries[0];
    if (!winner) return 'unknown';
    if (fencedToken) return sameBytes(winner.token, fencedToken) ? 'won' : 'refused';
    return sameBytes(winner.token, entry.token) ? 'won' : 'lost';
  }

  /** Below the floor only the root's tokens tell; an entry that they do not know is never tried again (W4). */
  private async fateBelowFloor(pointer: Pointer, token: Uint8Array): Promise<Fate> {
    try {
      const root = await this.follower.inTime(readRootHead(this.follower.source, pointer));
      if (!root) return 'unknown';
      return root.tokens.some(([, known]) => sameBytes(known, token)) ? 'won' : 'refused';
    } catch {
      return 'unknown'; // The root cannot be read now, so nothing was learnt.
    }
  }

  private async append(position: number, bytes: Uint8Array): Promise<'stored' | 'taken' | 'unknown'> {
    const { log, logId } = this.follower.source;
    try {
      return await this.follower.inTime(log.append(logId, position, bytes));
    } catch {
      return 'unknown'; // Whatever was thrown, the entry may be stored, now or later (W4).
    }
  }

  /** Null if nothing was learnt: the store does not answer, or answers nonsense, which the follower keeps. */
  private async readAfter(position: number): Promise<TailRead | null> {
    try {
      return await this.follower.readAfter(position);
    } catch {
      return null;
    }
  }
}
