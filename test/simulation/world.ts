// One simulated world: the stores, the nodes before them, true time, and what is written down about it all.
import { createHash } from 'node:crypto';
import type { LogStore } from '../../services/core/store/log-store';
import { MemoryTier } from '../../services/core/store/memory/memory-tier';
import { History, Violation } from './history';
import { Misfortunes } from './misfortunes';
import { Timeline } from './sim-clock';
import { SimNode } from './sim-node';
import { SimRandom } from './sim-random';
import { drawWeather, type Weather } from './weather';
import { witnessedLogStore } from './witnessed-log';

export class World {
  readonly timeline = new Timeline();
  readonly tier = new MemoryTier();
  readonly history = new History();
  readonly random: SimRandom;
  readonly weather: Weather;
  readonly log: LogStore;
  /** Everything small that any node ever tried to put, stored or not. */
  readonly sentBlobs = new Map<string, Uint8Array>();
  readonly violations: string[] = [];
  /** How often what happened: shows that a simulation is not vacuous. */
  readonly counts = new Map<string, number>();
  /** By slot; null while a killed node is not replaced. */
  readonly nodes: (SimNode | null)[] = [];
  readonly misfortunes: Misfortunes;
  private generation = 0;
  private readonly hash = createHash('sha256');

  constructor(
    readonly seed: number,
    private readonly print: ((line: string) => void) | null,
  ) {
    this.random = new SimRandom(`seed ${seed}`);
    this.weather = drawWeather(this.random.fork('weather'));
    this.log = witnessedLogStore(this);
    this.misfortunes = new Misfortunes(this);
    this.trace('world', JSON.stringify(this.weather));
    this.count(`${this.weather.name} weather`);
  }

  get isFaulty(): boolean {
    return this.violations.length > 0;
  }

  newNode(): SimNode {
    this.generation += 1;
    return new SimNode(this, `node${this.generation}`);
  }

  /** The newest position that is really stored. */
  storedThrough(accountId: string): number {
    return this.tier.logs.get(accountId)?.entries.at(-1)?.position ?? 0;
  }

  trace(who: string, what: string): void {
    const line = `${this.timeline.monotonicMs().toFixed(3).padStart(12)} ${who}: ${what}`;
    this.hash.update(line);
    this.print?.(line);
  }

  traceHash(): string {
    return this.hash.copy().digest('hex');
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  violate(claim: string): void {
    this.violations.push(claim);
    this.trace('VIOLATION', claim);
  }

  /** Runs a check that throws Violation. */
  judging(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violate(error.message);
    }
  }
}
