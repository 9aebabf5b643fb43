// What happens to nodes: killed and replaced, stopped, suspended, cut off from the stores, their clocks set. Most often while
// they are at work.
import type { SimNode } from './sim-node';
import type { World } from './world';

export class Misfortunes {
  private isOver = false;
  private readonly random;

  constructor(private readonly world: World) {
    this.random = world.random.fork('misfortunes');
  }

  /** To be called whenever a node gets something to do. */
  threaten(node: SimNode): void {
    if (this.isOver || !this.random.happens(this.world.weather.misfortunes)) return;
    const delayMs = this.random.between(0, this.random.pick([20, 200, 2_000]));
    const victim = this.random.happens(0.8) ? node : this.random.pick(this.world.nodes);
    this.world.timeline.after(delayMs, () => {
      if (!this.isOver && victim && this.world.nodes.includes(victim)) this.strike(victim);
    });
  }

  private strike(node: SimNode): void {
    const { random } = this;
    switch (random.weighted({ kill: 3, stop: 2, suspend: 1, cut: 2, deaf: 3, outage: 3, jump: 1 })) {
      case 'kill':
        this.kill(node);
        break;
      case 'stop':
        node.pause(random.between(10, random.pick([500, 5_000, 30_000, 1_200_000])), false);
        break;
      case 'suspend':
        node.pause(random.between(10, random.pick([5_000, 1_200_000])), true);
        break;
      case 'cut':
        node.cut(this.cutMs(9_500, 11_000));
        break;
      case 'deaf':
        this.silence([node]);
        break;
      case 'outage':
        this.silence(this.world.nodes);
        break;
      case 'jump':
        node.jump(random.between(-1, 1) * random.pick([1_000, 3_600_000]));
        break;
    }
  }

  private silence(nodes: readonly (SimNode | null)[]): void {
    const durationMs = this.cutMs(9_000, 17_000);
    const silence = { isMute: this.random.happens(0.7), isOfBlobsToo: this.random.happens(0.3) };
    for (const node of nodes) node?.silence(durationMs, silence);
  }

  /** Often about as long as a change is tried, so that it ends just before or just after the fence. */
  private cutMs(fromMs: number, toMs: number): number {
    return this.random.happens(0.5) ? this.random.between(fromMs, toMs) : this.random.between(10, this.random.pick([1_000, 5_000, 40_000]));
  }

  private kill(node: SimNode): void {
    const { nodes, timeline } = this.world;
    const slot = nodes.indexOf(node);
    node.kill();
    this.world.count('kill');
    nodes[slot] = null;
    timeline.after(this.random.between(0, 3_000), () => (nodes[slot] ??= this.world.newNode()));
  }

  end(): void {
    this.isOver = true;
    for (const [slot, node] of this.world.nodes.entries()) {
      if (node) node.heal();
      else this.world.nodes[slot] = this.world.newNode();
    }
  }
}
