// One node's way to all of its stores. It can be cut for a while, and it ends when the node is killed.
import type { Clock } from '../../runtime/clock';

export class NodeLink {
  readonly #listeners = new Set<() => void>();
  #cutUntilMs = -Infinity;
  #cancelHealing: () => void = () => {};
  #dead = false;

  constructor(private readonly clock: Clock) {}

  /** The stores cannot be reached now. */
  get isCut(): boolean {
    return this.clock.monotonicMs() < this.#cutUntilMs;
  }

  /** The node is gone: whoever waits on it hears nothing any more. */
  get isDead(): boolean {
    return this.#dead;
  }

  /** Makes the stores unreachable for `durationMs`, or until heal(). Replaces an earlier cut. */
  cut(durationMs = Infinity): void {
    this.#cancelHealing();
    this.#cutUntilMs = this.clock.monotonicMs() + durationMs;
    this.#cancelHealing = durationMs === Infinity ? () => {} : this.clock.after(durationMs, () => this.heal());
  }

  heal(): void {
    this.#cancelHealing();
    this.#cancelHealing = () => {};
    if (this.#cutUntilMs === -Infinity) return;
    this.#cutUntilMs = -Infinity;
    for (const listener of this.#listeners) listener();
  }

  /** Ends the node without a word. Requests that it has sent may still land. */
  kill(): void {
    this.#dead = true;
    this.#listeners.clear();
    this.#cancelHealing();
  }

  /** Calls `listener` when a cut has ended; the returned function stops that. */
  onHeal(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
