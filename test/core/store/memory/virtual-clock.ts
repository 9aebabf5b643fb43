// Time that stands still until a test moves it.
import type { Clock } from '../../../../services/core/runtime/clock';

interface Timer {
  readonly dueMs: number;
  readonly action: () => void;
}

export class VirtualClock implements Clock {
  /** Ascending by due time, and by the order in which they were set. */
  readonly #timers: Timer[] = [];
  #nowMs = 0;

  nowMs(): number {
    return 1_700_000_000_000 + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), action };
    const later = this.#timers.findIndex(({ dueMs }) => dueMs > timer.dueMs);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Runs what falls due, one timer at a time, each with all that follows from it. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#nowMs + byMs;
    await settle();
    for (let next = this.#timers[0]; next !== undefined && next.dueMs <= untilMs; next = this.#timers[0]) {
      this.#timers.shift();
      this.#nowMs = next.dueMs;
      next.action();
      await settle();
    }
    this.#nowMs = untilMs;
  }
}

/** Until no promise can get on without the clock: setImmediate comes after all microtasks. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
