// What tests of cost measure with: counts, which are the same on every machine, and no clock.
import { Session, type Profiler } from 'node:inspector';

const COUNTED = /\/(?:services|node_modules\/(?:iconv-lite|@msgpack))\//;

/**
 * Counts how often blocks of the server's code, and of the libraries that read mail, are entered, as V8 does for coverage. What
 * happens inside one call of the engine, such as indexOf() or a regular expression, counts as nothing.
 */
export class StepCounter {
  private readonly session = new Session();

  constructor() {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The steps of `run`, the same on every machine. */
  stepsOf(run: () => void): number {
    this.take();
    run();
    return this.take();
  }

  close(): void {
    this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
  }

  /** The steps since this was called last; the engine answers before it returns. */
  private take(): number {
    let steps = 0;
    this.session.post('Profiler.takePreciseCoverage', (error, { result }: Profiler.TakePreciseCoverageReturnType) => {
      if (error !== null) throw error;
      const ranges = result.filter(({ url }) => COUNTED.test(url)).flatMap(({ functions }) => functions.flatMap((counted) => counted.ranges));
      for (const { count } of ranges) steps += count;
    });
    return steps;
  }
}

/** What is reachable from `root`, roughly in octets: buffers, strings, and 8 for each slot of objects and collections. */
export function heldOctets(root: object): number {
  const seen = new Set<object>([root]);
  const waiting: object[] = [root];
  let octets = 0;
  const take = (value: unknown): void => {
    octets += 8;
    if (typeof value === 'string') {
      octets += value.length;
    } else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      waiting.push(value);
    }
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof Uint8Array) take(next.buffer);
    else if (next instanceof ArrayBuffer) octets += next.byteLength;
    else if (Array.isArray(next)) for (const value of next) take(value);
    else if (next instanceof Map) for (const [key, value] of next) [key, value].forEach(take);
    else for (const key in next) take((next as Record<string, unknown>)[key]);
  }
  return octets;
}
