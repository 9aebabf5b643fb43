// Slows down who guesses passwords. An attempt counts as failed until it has succeeded, so many at once gain nothing.
import { LRUCache } from 'lru-cache';
import { sleep, type Clock } from '../runtime/clock';
import { Refusal } from '../runtime/errors';

/** Thunderbird opens five connections at once, with a mistyped password too. */
const FREE_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 1_000;
const PAUSE_MAX_MS = 15_000;
/** Who would wait longer hears so at once: connections are not held for long before login. */
const WAIT_MAX_MS = 30_000;
const FORGET_MS = 15 * 60_000;
const KEYS_MAX = 20_000;

interface Attempts {
  count: number;
  /** When the next attempt may run. */
  freeAtMs: number;
  lastMs: number;
}

export class SlowDown {
  private readonly known = new LRUCache<string, Attempts>({ max: KEYS_MAX });

  constructor(private readonly clock: Clock) {}

  /** Resolves when this attempt may run, and counts it. Throws Refusal(LIMIT) if that would be too late. */
  async enter(key: string): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    const attempts = this.attemptsOf(key, nowMs);
    const startMs = Math.max(nowMs, attempts.freeAtMs);
    if (startMs - nowMs > WAIT_MAX_MS) throw new Refusal('LIMIT', 'too many failed attempts; wait a minute and try again');
    attempts.count += 1;
    attempts.lastMs = startMs;
    attempts.freeAtMs = startMs + pauseMs(attempts.count);
    this.known.set(key, attempts);
    if (startMs > nowMs) await sleep(this.clock, startMs - nowMs);
  }

  /** The password was right: all is forgiven. */
  succeeded(key: string): void {
    this.known.delete(key);
  }

  /** Nobody knows whether the password was right: the attempt does not count. */
  undecided(key: string): void {
    const attempts = this.known.peek(key);
    if (attempts && attempts.count > 0) attempts.count -= 1;
  }

  private attemptsOf(key: string, nowMs: number): Attempts {
    const attempts = this.known.get(key);
    return attempts && nowMs - attempts.lastMs < FORGET_MS ? attempts : { count: 0, freeAtMs: nowMs, lastMs: nowMs };
  }
}

/** After so many attempts, how long the next one waits. */
function pauseMs(count: number): number {
  return count < FREE_ATTEMPTS ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (count - FREE_ATTEMPTS), PAUSE_MAX_MS);
}
