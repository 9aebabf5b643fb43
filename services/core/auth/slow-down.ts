// Slows down who guesses passwords. Some attempts at a time are free as long as none has failed; each failure takes one of them away,
// and when none is left attempts go one by one, with a pause after each. What waits for the right password is let in behind it.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock';
import { Refusal } from '../runtime/errors';

/** Thunderbird opens five connections at once, with a mistyped password too. */
const FREE_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 15_000;
/** Connections are not held for long before login. */
const WAIT_MAX_MS = 30_000;
const FORGET_MS = 15 * 60_000;
const KEYS_MAX = 20_000;

interface Waiter {
  start(): void;
}

interface Attempts {
  failures: number;
  /** When the next attempt may run, once none is free. */
  freeAtMs: number;
  lastMs: number;
  /** Begun, and not judged yet. */
  running: number;
  readonly waiting: Set<Waiter>;
}

/** How an attempt ended. 'undecided': nobody knows whether the password was right, so it does not count. */
export type Judgement = 'right' | 'wrong' | 'undecided';

export class SlowDown {
  /** Of keys at which somebody is trying now. */
  private readonly busy = new Map<string, Attempts>();
  private readonly quiet = new LRUCache<string, Attempts>({ max: KEYS_MAX });

  constructor(private readonly clock: Clock) {}

  /** Resolves when this attempt may run; `leave` must follow. Throws Refusal(LIMIT) if that would be too late. */
  async enter(key: string): Promise<void> {
    const attempts = this.attemptsOf(key);
    this.busy.set(key, attempts);
    if (attempts.waiting.size > 0 || !this.mayStart(attempts)) await this.turn(key, attempts);
    else attempts.running += 1;
  }

  /** Tells how an attempt ended. A right password forgives all that failed before. */
  leave(key: string, judgement: Judgement): void {
    const attempts = this.busy.get(key);
    if (!attempts) throw new Error('an attempt ends that never began');
    attempts.running -= 1;
    attempts.lastMs = this.clock.monotonicMs();
    if (judgement === 'right') attempts.failures = 0;
    if (judgement === 'wrong') {
      attempts.failures += 1;
      attempts.freeAtMs = attempts.lastMs + pauseMs(attempts.failures);
    }
    this.goOn(key, attempts);
  }

  private turn(key: string, attempts: Attempts): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.after(WAIT_MAX_MS, () => {
        attempts.waiting.delete(waiter);
        this.goOn(key, attempts);
        reject(new Refusal('LIMIT', 'too many failed attempts; wait a minute and try again'));
      });
      const waiter = {
        start: () => {
          cancel();
          attempts.running += 1;
          resolve();
        },
      };
      attempts.waiting.add(waiter);
      this.goOn(key, attempts);
    });
  }

  /** Lets in who may start, first come first served; comes back when the next may. */
  private goOn(key: string, attempts: Attempts): void {
    for (const waiter of attempts.waiting) {
      if (!this.mayStart(attempts)) break;
      attempts.waiting.delete(waiter);
      waiter.start();
    }
    if (attempts.running > 0 || this.busy.get(key) !== attempts) return; // Whoever leaves comes by here.
    if (attempts.waiting.size > 0) {
      this.clock.after(attempts.freeAtMs - this.clock.monotonicMs(), () => this.goOn(key, attempts));
      return;
    }
    this.busy.delete(key);
    if (attempts.failures > 0) this.quiet.set(key, attempts);
  }

  private mayStart({ failures, running, freeAtMs }: Attempts): boolean {
    if (failures + running < FREE_ATTEMPTS) return true;
    return running === 0 && this.clock.monotonicMs() >= freeAtMs;
  }

  private attemptsOf(key: string): Attempts {
    const busy = this.busy.get(key);
    if (busy) return busy;
    const known = this.quiet.get(key);
    this.quiet.delete(key);
    const isFresh = known !== undefined && this.clock.monotonicMs() - known.lastMs < FORGET_MS;
    return isFresh ? known : { failures: 0, freeAtMs: 0, lastMs: 0, running: 0, waiting: new Set() };
  }
}

/** After so many failures, how long the next attempt waits. */
function pauseMs(failures: number): number {
  return failures < FREE_ATTEMPTS ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (failures - FREE_ATTEMPTS), PAUSE_MAX_MS);
}
