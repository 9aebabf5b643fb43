// Lets a few through at once, makes some wait, and sends the rest away: costly work that strangers may ask for stays bounded.
import { Unavailable } from '../runtime/errors';

export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly waitingMax: number,
  ) {}

  /** Runs `work` when it is its turn. Throws Unavailable if too many wait already. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.atOnce) {
      if (this.waiting.length >= this.waitingMax) throw new Unavailable('too many are signing in at this moment; try again');
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.inside += 1;
    }
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.inside -= 1;
    }
  }
}
