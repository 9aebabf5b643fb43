// Time that a test moves by hand, or that goes from timer to timer while a promise is waited for.
import type { Clock } from '../../../services/core/runtime/clock';

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

export class ManualClock implements Clock {
  /** Added to the wall clock alone: a machine that was suspended, or whose clock was set. */
  wallJumpMs = 1_700_000_000_000;
  #monotonicMs = 1_000;
  #timers: Timer[] = [];

  nowMs(): number {
    return Math.floor(this.#monotonicMs + this.wallJumpMs);
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#monotonicMs + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((known) => known !== timer);
    };
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Runs everything that falls due in the next `byMs`. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#monotonicMs + byMs;
    await settle();
    while ((this.#next()?.dueMs ?? Infinity) <= untilMs) {
      this.#runNext();
      await settle();
    }
    this.#monotonicMs = untilMs;
  }

  /** Lets time pass, timer by timer, until `work` is settled. Throws if it waits for something that no timer brings. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isSettled = false;
    const note = (): void => {
      isSettled = true;
    };
    work.then(note, note);
    for (;;) {
      await settle();
      if (isSettled) return work;
      if (!this.#next()) throw new Error('this would wait for ever');
      this.#runNext();
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (!next || timer.dueMs < next.dueMs) next = timer;
    return next;
  }

  #runNext(): void {
    const next = this.#next()!;
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
    next.action();
  }
}

/** Until no promise can get on without the clock: setImmediate comes after all microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
