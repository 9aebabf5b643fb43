// A persistent set of 16-byte delivery ids that forgets by the log's own time. Adding copies one bucket, not the set.
import { limits } from '../runtime/limits';

const BUCKETS = 256;
const DAY_MS = 24 * 60 * 60_000;

interface Day {
  readonly day: number;
  readonly buckets: readonly (readonly string[])[];
}

export class SeenIds {
  static readonly empty = new SeenIds([]);

  /** Oldest day first. */
  private constructor(private readonly days: readonly Day[]) {}

  has(id: Uint8Array): boolean {
    const key = keyOf(id);
    return this.days.some(({ buckets }) => buckets[id[0]!]!.includes(key));
  }

  /** Also forgets what is older than `limits.deliveryIdMs` at `timeMs`. */
  with(id: Uint8Array, timeMs: number): SeenIds {
    const day = Math.floor(timeMs / DAY_MS);
    const kept = this.days.filter((old) => (day - old.day) * DAY_MS <= limits.deliveryIdMs);
    const today = kept.find((known) => known.day === day) ?? { day, buckets: Array.from({ length: BUCKETS }, () => []) };
    const buckets = today.buckets.slice();
    buckets[id[0]!] = [...buckets[id[0]!]!, keyOf(id)];
    return new SeenIds([...kept.filter((known) => known.day !== day), { day, buckets }]);
  }
}

const keyOf = (id: Uint8Array): string => Buffer.from(id).toString('latin1');
