// The way of one request to a store and of its answer back, as a plan lets it go wrong. Only the clock and the random source
// given decide, so a seed replays exactly.
import { sleep, type Clock } from '../../runtime/clock';
import { Unavailable } from '../../runtime/errors';
import type { Random } from '../../runtime/random';
import type { FaultPlan } from './fault-plan';
import type { NodeLink } from './node-link';

/** An error that a plan asked for. */
export class InjectedFault extends Unavailable {
  override readonly name = 'InjectedFault';
}

type Fate = 'done' | 'failBefore' | 'loseAnswer' | 'neverAnswer' | 'landLate' | 'repeat';

export class FaultyRequests {
  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly plan: FaultPlan,
    readonly link: NodeLink,
  ) {}

  /** A request that changes something: it may be done, once, twice or later, whatever the caller hears. */
  change<T>(what: string, inner: () => Promise<T>): Promise<T> {
    if (this.link.isDead) return never();
    return this.#tell(this.#change(what, this.#drawFate(), inner));
  }

  /** A request that changes nothing, or a further part of one: then with a chance of its own to fail. */
  query<T>(what: string, inner: () => Promise<T>, chance = this.plan.failRead): Promise<T> {
    if (this.link.isDead) return never();
    return this.#tell(this.#query(what, inner, chance));
  }

  /** True in `chance` of the calls. */
  happens(chance: number): boolean {
    return this.random.fraction() < chance;
  }

  /** A delay up to `maxMs`, most often a short one. */
  longTailMs(maxMs: number): number {
    return maxMs * this.random.fraction() ** 3;
  }

  async #change<T>(what: string, fate: Fate, inner: () => Promise<T>): Promise<T> {
    if (fate === 'landLate') {
      this.#landLater(inner);
      return this.#giveUp(what);
    }
    if (!(await this.#arrives()) || fate === 'failBefore') throw new InjectedFault(`${what}: failed before it was done`);
    if (fate === 'repeat') this.#landLater(inner);
    const answer = await inner();
    if (fate === 'neverAnswer') return never();
    if (fate === 'loseAnswer') return this.#giveUp(what);
    if (!(await this.#returns())) return this.#giveUp(what);
    return answer;
  }

  async #query<T>(what: string, inner: () => Promise<T>, chance: number): Promise<T> {
    if (!(await this.#arrives()) || this.happens(chance)) throw new InjectedFault(`${what}: cannot be read`);
    const answer = await inner();
    if (!(await this.#returns())) return this.#giveUp(what);
    return answer;
  }

  /** Whether the request reaches the store. One in flight when its node is killed does so half of the times. */
  async #arrives(): Promise<boolean> {
    await this.#travel();
    if (this.link.isDead) return this.happens(0.5);
    return !this.link.isCut;
  }

  async #returns(): Promise<boolean> {
    await this.#travel();
    return !this.link.isCut;
  }

  #travel(): Promise<void> {
    const { latencyMinMs, latencyMaxMs, slow, slowMaxMs } = this.plan;
    const usualMs = latencyMinMs + this.random.fraction() * (latencyMaxMs - latencyMinMs);
    return this.#wait(this.happens(slow) ? usualMs + this.longTailMs(slowMaxMs) : usualMs);
  }

  async #giveUp(what: string): Promise<never> {
    if (this.happens(0.5)) await this.#wait(this.plan.timeoutMs);
    throw new InjectedFault(`${what}: no answer, it may have been done`);
  }

  /** Nobody listens to what comes of it. */
  #landLater(inner: () => Promise<unknown>): void {
    this.clock.after(this.longTailMs(this.plan.lateMaxMs), () => {
      inner().catch(() => undefined);
    });
  }

  #wait(delayMs: number): Promise<void> {
    return delayMs > 0 ? sleep(this.clock, delayMs) : Promise.resolve();
  }

  #drawFate(): Fate {
    const { failBefore, loseAnswer, neverAnswer, landLate, repeat } = this.plan;
    const chances: [Fate, number][] = [
      ['failBefore', failBefore], ['loseAnswer', loseAnswer], ['neverAnswer', neverAnswer], ['landLate', landLate], ['repeat', repeat],
    ];
    let drawn = this.random.fraction();
    for (const [fate, chance] of chances) {
      if (drawn < chance) return fate;
      drawn -= chance;
    }
    return 'done';
  }

  /** The answer, unless the node is dead by then. */
  async #tell<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer;
      return this.link.isDead ? never() : value;
    } catch (error) {
      if (this.link.isDead) return never();
      throw error;
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
