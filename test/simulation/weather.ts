// What a seed's world is like: how many nodes and clients, how bad the network is, how often nodes fail.
import { noFaults, type FaultPlan } from '../../services/core/store/memory/fault-plan';
import type { SimRandom } from './sim-random';

/** A plan that the world may change while it is in force. */
export type Plan = { -readonly [K in keyof FaultPlan]: FaultPlan[K] };

export interface Weather {
  readonly name: string;
  /** INBOX holds more than one chunk of the index. */
  readonly isLarge: boolean;
  readonly accounts: number;
  readonly nodes: number;
  readonly clients: number;
  readonly commandsPerClient: number;
  /** Nobody stops to think, and all want the same few mailboxes. */
  readonly isRush: boolean;
  readonly log: Plan;
  readonly blobs: Plan;
  readonly doorbell: Plan;
  /** The chance that a tail misses an entry which was stored while it was read, though not those after it (S4). */
  gaps: number;
  /** The chance that a command brings its node a misfortune. */
  readonly misfortunes: number;
  readonly clockOffsetMaxMs: number;
  readonly clockDrift: number;
}

const severities = { calm: 0, breezy: 0.15, rough: 0.5, vicious: 1 } as const;

export function drawWeather(random: SimRandom): Weather {
  const name = random.weighted({ calm: 1, breezy: 2, rough: 4, vicious: 2 });
  const severity = severities[name];
  const some = (most: number): number => (random.happens(0.7) ? severity * most * random.fraction() : 0);
  const plan = (): Plan => {
    const latencyMinMs = random.between(0, 5);
    return {
      latencyMinMs,
      latencyMaxMs: latencyMinMs + random.pick([2, 10, 40]),
      slow: some(0.3),
      slowMaxMs: random.pick([200, 2_500, 15_000]),
      failBefore: some(0.2),
      loseAnswer: some(0.3),
      neverAnswer: some(0.1),
      landLate: some(0.3),
      repeat: some(0.2),
      lateMaxMs: random.pick([100, 3_000, 15_000, 60_000]),
      timeoutMs: random.pick([50, 1_000, 3_000]),
      failRead: some(0.4),
      tailPageEntries: random.pick([6, 30, 1_000]),
      loseRing: random.pick([0, 0, severity, some(1)]),
      doubleRing: some(0.5),
      delayRing: some(1),
      ringDelayMaxMs: random.pick([20, 2_000]),
    };
  };
  const isRush = random.happens(0.2);
  return {
    name,
    isRush,
    isLarge: random.happens(0.01),
    accounts: !isRush && random.happens(0.2) ? 2 : 1,
    nodes: random.pick([1, 2, 2, 2, 3, 3]),
    clients: isRush ? 6 : 1 + random.below(6),
    commandsPerClient: 8 + random.below(18),
    log: plan(),
    blobs: plan(),
    doorbell: plan(),
    gaps: some(0.3),
    misfortunes: severity * random.pick([0, 0.05, 0.1, 0.25]),
    clockOffsetMaxMs: random.pick([0, 1_500, 90_000, 3_600_000]),
    clockDrift: random.pick([0, 0.001, 0.05]),
  };
}

/** From now on all goes well and quickly; what was sent before is still under way. */
export function clearUp(weather: Weather): void {
  weather.gaps = 0;
  for (const plan of [weather.log, weather.blobs, weather.doorbell]) Object.assign(plan, noFaults, { latencyMinMs: 1, latencyMaxMs: 3 });
}

/** How long something sent under this weather may still be under way. */
export function aftermathMs({ log, blobs }: Weather): number {
  return Math.max(log.lateMaxMs + log.slowMaxMs, blobs.lateMaxMs + blobs.slowMaxMs, 10_000) + 60_000;
}
