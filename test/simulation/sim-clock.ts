// Virtual time. One timeline for the world; each node has clocks of its own, which are wrong, drift, jump and stand still.
import type { Clock } from '../../services/core/runtime/clock';
import type { NodeGate } from './node-gate';

const EPOCH_MS = 1_700_000_000_000;

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  action: (() => void) | null;
}

/** True time: a queue of timers. Between two of them, everything that needs no timer runs to its end. */
export class Timeline implements Clock {
  /** A binary heap by due time, then by the order in which they were set. */
  private readonly heap: Timer[] = [];
  private order = 0;
  private timeMs = 0;

  nowMs(): number {
    return EPOCH_MS + Math.floor(this.timeMs);
  }

  monotonicMs(): number {
    return this.timeMs;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer: Timer = { dueMs: this.timeMs + Math.max(0, delayMs), order: (this.order += 1), action };
    this.push(timer);
    return () => {
      timer.action = null;
    };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Runs timers until `isDone()` or until `limitMs` have passed; tells whether it was done. */
  async run(isDone: () => boolean, limitMs: number): Promise<boolean> {
    const untilMs = this.timeMs + limitMs;
    await settle();
    while (!isDone()) {
      const next = this.heap[0];
      if (!next || next.dueMs > untilMs) {
        this.timeMs = untilMs;
        return false;
      }
      this.pop();
      if (next.action === null) continue;
      this.timeMs = next.dueMs;
      next.action();
      await settle();
    }
    return true;
  }

  private push(timer: Timer): void {
    let at = this.heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(timer, this.heap[parent]!)) break;
      this.heap[at] = this.heap[parent]!;
      at = parent;
    }
    this.heap[at] = timer;
  }

  private pop(): void {
    const last = this.heap.pop()!;
    if (this.heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && isBefore(this.heap[child + 1]!, this.heap[child]!)) child += 1;
      if (!isBefore(this.heap[child]!, last)) break;
      this.heap[at] = this.heap[child]!;
      at = child;
    }
    this.heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

/** Until no promise can get on without a timer: setImmediate comes after all microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export interface ClockErrors {
  /** By how much the wall clock is wrong from the start. */
  readonly offsetMs: number;
  /** 1: exact. */
  readonly rate: number;
}

/** What one node takes for time. */
export class NodeClock implements Clock {
  private wallErrorMs: number;
  private stoodStillMs = 0;
  private standsStillSinceMs: number | null = null;

  constructor(
    private readonly timeline: Timeline,
    private readonly gate: NodeGate,
    private readonly errors: ClockErrors,
  ) {
    this.wallErrorMs = errors.offsetMs;
  }

  nowMs(): number {
    return EPOCH_MS + Math.floor(this.timeline.monotonicMs() * this.errors.rate + this.wallErrorMs);
  }

  monotonicMs(): number {
    const nowMs = this.standsStillSinceMs ?? this.timeline.monotonicMs();
    return (nowMs - this.stoodStillMs) * this.errors.rate;
  }

  /** The wall clock is set. */
  jump(byMs: number): void {
    this.wallErrorMs += byMs;
  }

  /** The monotonic clock does not count what comes until `goOn`: a suspended machine. */
  standStill(): void {
    this.standsStillSinceMs ??= this.timeline.monotonicMs();
  }

  goOn(): void {
    if (this.standsStillSinceMs === null) return;
    this.stoodStillMs += this.timeline.monotonicMs() - this.standsStillSinceMs;
    this.standsStillSinceMs = null;
  }

  after(delayMs: number, action: () => void): () => void {
    const dueMs = this.monotonicMs() + Math.max(0, delayMs);
    let cancel: () => void;
    let isCancelled = false;
    const arm = (): void => {
      cancel = this.timeline.after((dueMs - this.monotonicMs()) / this.errors.rate, () => this.gate.enter(fire, 'timer'));
    };
    const fire = (): void => {
      if (isCancelled) return;
      // The clock stood still meanwhile: not due yet.
      if (dueMs - this.monotonicMs() > 0.001) arm();
      else action();
    };
    arm();
    return () => {
      isCancelled = true;
      cancel();
    };
  }
}
