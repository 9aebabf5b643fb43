// Time comes in through this port, so that the simulation can own it. Nothing else in services/ may read a clock.

/** Wall and monotonic time, and timers. */
export interface Clock {
  /** Milliseconds since 1970. May jump. */
  nowMs(): number;
  /** Milliseconds from an arbitrary start. Never goes back; may stand still while the machine is suspended. */
  monotonicMs(): number;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** Resolves after `delayMs` of `clock`. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/** Rejects with `error()` if `work` has not settled after `limitMs`. The work itself goes on: its fate is then unknown. */
export function withDeadline<T>(clock: Clock, limitMs: number, work: Promise<T>, error: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(limitMs, () => reject(error()));
    work.then(resolve, reject).finally(cancel);
  });
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
