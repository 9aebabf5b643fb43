// The simulation must find each of the planted defects: else it proves nothing about their absence.
import { defects, tryDefect, type Trial } from './defects';

/** Other code may draw other numbers: then a later seed finds it. */
const SEEDS = 400;
const AT_ONCE = 2;

describe('the simulation finds', () => {
  const trials = new Map<string, Trial>();

  beforeAll(async () => {
    const waiting = [...defects];
    const work = async (): Promise<void> => {
      for (let defect = waiting.shift(); defect; defect = waiting.shift()) {
        const options = ['--first', '--from', String(defect.seed), '--seeds', String(SEEDS)];
        trials.set(defect.name, await tryDefect(defect, options));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }, 120_000);

  test.each(defects.map(({ name, seed }) => ({ name, seed })))('$name (seed $seed)', ({ name }) => {
    const { exitCode, output } = trials.get(name)!;
    expect(output).toMatch(/^seed \d+ violates: /m);
    expect(exitCode).toBe(1);
  });
});
