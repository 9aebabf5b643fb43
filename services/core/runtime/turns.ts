// Fairness inside one process: work that is long, but never waits, gives way to the other sessions now and then.
import type { Clock } from './clock';
import { giveWay } from './give-way';

/** A session that waits this long for its turn does not notice. */
const TURN_MS = 10;
/** Where the clock stands still, as in a simulation, steps count. */
const TURN_STEPS = 4096;

export class Turns {
  private steps = 0;
  private startedMs: number;

  constructor(private readonly clock: Clock) {
    this.startedMs = clock.monotonicMs();
  }

  /** Counts a small step of work; true if it is time to `giveWay()`. */
  isOver(): boolean {
    this.steps += 1;
    return this.steps >= TURN_STEPS || this.clock.monotonicMs() - this.startedMs >= TURN_MS;
  }

  /** Lets everything else that is ready run. */
  async giveWay(): Promise<void> {
    await giveWay();
    this.steps = 0;
    this.startedMs = this.clock.monotonicMs();
  }
}
