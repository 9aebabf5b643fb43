// All that reaches a node from outside (answers, rings, timers, commands) comes through its gate: a paused node does nothing until
// it goes on, a dead one nothing any more.

type Kind = 'timer' | 'message';

/** Answers of the stores get lost on their way in, and nothing tells. */
export interface Silence {
  /** Requests get lost on their way out already. */
  readonly isMute: boolean;
  /** Not only those of the log. */
  readonly isOfBlobsToo: boolean;
}

export class NodeGate {
  private held: { readonly action: () => void; readonly kind: Kind }[] = [];
  silence: Silence | null = null;
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

  /** What comes of a request, when the node is there to hear of it; nothing, ever, if it or its answer gets lost. */
  pass<T>(to: 'log' | 'blobs', request: () => Promise<T>): Promise<T> {
    const isLost = (): boolean => this.silence !== null && (to === 'log' || this.silence.isOfBlobsToo);
    if (this.isDead || (isLost() && this.silence!.isMute)) return new Promise(() => {});
    const answer = (action: () => void): void => {
      if (!isLost()) this.enter(action);
    };
    return new Promise<T>((resolve, reject) => {
      request().then(
        (value) => answer(() => resolve(value)),
        (error: unknown) => answer(() => reject(error)),
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
