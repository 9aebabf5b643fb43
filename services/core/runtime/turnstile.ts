// Lets a few through at once, makes some wait, and sends the rest away: costly work that strangers may ask for stays bounded.
import { Unavailable } from './errors';

export class Turnstile {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly waitingMax: number,
    /** What those hear who are sent away. */
    private readonly refusal: string,
  ) {}

  /** Runs `work` when it is its turn. Throws Unavailable if too many wait already. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside >= this.atOnce) {
      if (this.waiting.length >= this.waitingMax) throw new Unavailable(this.refusal);
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
