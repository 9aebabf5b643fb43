// A client's connection to one node: commands one at a time, what is pushed and replied in order, and it may break at any moment.
import type { ViewChanges } from '../../services/core/account/view';
import type { Shown } from './history';
import type { SimNode } from './sim-node';
import type { SimRandom } from './sim-random';
import { SimSession, type Command, type Reply } from './sim-session';
import type { World } from './world';

/** Mail clients wait about so long. */
export const PATIENCE_MS = 45_000;

export class Connection {
  isBroken = false;
  private readonly session: SimSession;
  private readonly stopWatching: () => void;
  private answer: (reply: Reply | null) => void = () => {};
  private lastDeliveryMs = 0;

  constructor(
    private readonly world: World,
    private readonly random: SimRandom,
    private readonly node: SimNode,
    accountId: string,
    client: string,
    onPush: (changes: ViewChanges, shown: Shown) => void,
  ) {
    this.session = new SimSession(world, node, accountId, client, (changes, shown) => this.deliver(() => onPush(changes, shown)));
    this.stopWatching = node.onDeath(() => world.timeline.after(random.between(0, 2_000), () => this.break()));
  }

  /** Null: the connection broke, or the client lost patience and broke it. */
  request(command: Command, patienceMs = PATIENCE_MS): Promise<Reply | null> {
    return new Promise((resolve) => {
      const cancelPatience = this.world.timeline.after(patienceMs, () => this.break());
      this.answer = (reply) => {
        cancelPatience();
        this.answer = () => {};
        resolve(reply);
      };
      if (this.isBroken) this.answer(null);
      this.world.timeline.after(this.random.between(0, 10), () =>
        this.node.gate.enter(() => {
          if (this.isBroken) return;
          this.world.misfortunes.threaten(this.node);
          void this.session.handle(command).then((reply) => this.deliver(() => this.answer(reply)));
        }),
      );
    });
  }

  break(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.stopWatching();
    this.node.gate.enter(() => this.session.end());
    this.answer(null);
  }

  private deliver(action: () => void): void {
    const { timeline } = this.world;
    this.lastDeliveryMs = Math.max(this.lastDeliveryMs, timeline.monotonicMs() + this.random.between(0, 10));
    timeline.after(this.lastDeliveryMs - timeline.monotonicMs(), () => {
      if (!this.isBroken) action();
    });
  }
}
