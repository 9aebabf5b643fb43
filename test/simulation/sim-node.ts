// One frontend process: the production accounts over faulty stores, with clocks of its own. It can be paused, cut off and killed.
import { Accounts } from '../../services/core/account/accounts';
import { Damaged } from '../../services/core/runtime/errors';
import type { BlobStore } from '../../services/core/store/blob-store';
import { faultyBlobStore, faultyDoorbell, faultyLogStore } from '../../services/core/store/memory/faults';
import { MemoryBlobStore } from '../../services/core/store/memory/memory-blob-store';
import { MemoryDoorbell } from '../../services/core/store/memory/memory-doorbell';
import { NodeLink } from '../../services/core/store/memory/node-link';
import { gatedBlobStore, gatedDoorbell, gatedLogStore } from './gated-stores';
import { NodeGate, type Silence } from './node-gate';
import { NodeClock } from './sim-clock';
import type { SimRandom } from './sim-random';
import type { World } from './world';

export class SimNode {
  readonly gate = new NodeGate();
  readonly clock: NodeClock;
  readonly random: SimRandom;
  readonly accounts: Accounts;
  readonly blobs: BlobStore;
  /** How often it was paused. */
  pauses = 0;
  /** Sessions with a command at work. */
  readonly busy = new Set<object>();
  private readonly link: NodeLink;
  private readonly breakListeners = new Set<() => void>();

  constructor(
    private readonly world: World,
    readonly name: string,
  ) {
    const { timeline, weather, tier } = world;
    this.random = world.random.fork(name);
    const network = this.random.fork('network');
    const offsetMs = this.random.between(-1, 1) * weather.clockOffsetMaxMs;
    this.clock = new NodeClock(timeline, this.gate, { offsetMs, rate: 1 + this.random.between(-1, 1) * weather.clockDrift });
    this.link = new NodeLink(timeline);
    const log = faultyLogStore(world.log, timeline, network, weather.log, this.link);
    const blobs = faultyBlobStore(new MemoryBlobStore(tier, timeline), timeline, network, weather.blobs, this.link);
    const doorbell = faultyDoorbell(new MemoryDoorbell(tier), timeline, network, weather.doorbell, this.link);
    this.blobs = gatedBlobStore(blobs, this.gate, world);
    this.accounts = new Accounts({
      log: gatedLogStore(log, name, this.gate, world, network),
      blobs: this.blobs,
      doorbell: gatedDoorbell(doorbell, this.gate),
      clock: this.clock,
      random: this.random,
      onReadFailed: (accountId, error) => {
        if (error instanceof Damaged) world.violate(`${name} takes ${accountId} for damaged: ${error.message}`);
      },
    });
  }

  /** Calls `listener` when the process dies; the returned function ends that. */
  onDeath(listener: () => void): () => void {
    this.breakListeners.add(listener);
    return () => this.breakListeners.delete(listener);
  }

  kill(): void {
    this.world.trace(this.name, 'is killed');
    this.gate.kill();
    this.link.kill();
    this.accounts.close();
    for (const listener of this.breakListeners) listener();
  }

  /** No request reaches a store; errors tell at once. */
  cut(durationMs: number): void {
    this.world.trace(this.name, `is cut off for ${Math.round(durationMs)} ms`);
    this.world.count('cut');
    this.link.cut(durationMs);
  }

  silence(durationMs: number, silence: Silence): void {
    this.world.trace(this.name, `hears nothing for ${Math.round(durationMs)} ms: ${JSON.stringify(silence)}`);
    this.world.count('silence');
    this.gate.silence = silence;
    this.world.timeline.after(durationMs, () => (this.gate.silence = null));
  }

  /** SIGSTOP, or with `isSuspended` a whole machine whose monotonic clock stands still. */
  pause(durationMs: number, isSuspended: boolean): void {
    if (this.gate.isDead || this.gate.isPaused) return;
    this.world.trace(this.name, `is ${isSuspended ? 'suspended' : 'stopped'} for ${Math.round(durationMs)} ms`);
    this.world.count('pause');
    this.pauses += 1;
    this.gate.pause();
    if (isSuspended) this.clock.standStill();
    this.world.timeline.after(durationMs, () => this.resume());
  }

  resume(): void {
    if (!this.gate.isPaused) return;
    this.world.trace(this.name, 'goes on');
    this.clock.goOn();
    this.gate.resume(this.random.happens(0.5), (action) => {
      this.world.timeline.after(0, action);
    });
  }

  jump(byMs: number): void {
    this.world.trace(this.name, `sets its clock by ${Math.round(byMs)} ms`);
    this.clock.jump(byMs);
  }

  heal(): void {
    this.resume();
    this.gate.silence = null;
    this.link.heal();
  }
}
