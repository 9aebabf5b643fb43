// All that reaches a node from outside (answers, rings, timers, commands) comes through its gate: a paused node does nothing until
// it goes on, a dead one nothing any more.

type Kind = 'timer' | 'message';

export class NodeGate {
  private held: { readonly action: () => void; readonly kind: Kind }[] = [];
  private state: 'open' | 'paused' | 'dead' = 'open';

  get isDead(): boolean {
    return this.state === 'dead';
  }

  get isPaused(): boolean {
    return this.state === 'paused';
  }

  enter(action: () => void, kind: Kind = 'message'): void {
    if (this.state === 'open') action();
    else if (this.state === 'paused') this.held.push({ action, kind });
  }

  /** What comes of `work`, when the node is there to hear of it. */
  pass<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      work.then(
        (value) => this.enter(() => resolve(value)),
        (error: unknown) => this.enter(() => reject(error as Error)),
      );
    });
  }

  pause(): void {
    if (this.state === 'open') this.state = 'paused';
  }

  /** What was held is handed to `later`, one by one: an event loop may come to its timers first. */
  resume(areTimersFirst: boolean, later: (action: () => void) => void): void {
    if (this.state !== 'paused') return;
    this.state = 'open';
    const held = this.held;
    this.held = [];
    const order = areTimersFirst ? [...held.filter(({ kind }) => kind === 'timer'), ...held.filter(({ kind }) => kind === 'message')] : held;
    for (const { action, kind } of order) later(() => this.enter(action, kind));
  }

  kill(): void {
    this.state = 'dead';
    this.held = [];
  }
}
