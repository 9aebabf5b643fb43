// The simulation must find each of the planted defects: else it proves nothing about their absence.
import { DefectTrials, type Trial } from './defect-trials';
import { defects } from './defects';

/** Other code may draw other numbers: then a later seed finds it. */
const SEEDS = 400;
const AT_ONCE = 2;

describe('the simulation finds', () => {
  const outcomes = new Map<string, Trial>();

  beforeAll(async () => {
    const trials = new DefectTrials();
    const waiting = [...defects];
    const work = async (): Promise<void> => {
      for (let defect = waiting.shift(); defect; defect = waiting.shift()) {
        const options = ['--first', '--from', String(defect.seed), '--seeds', String(SEEDS)];
        outcomes.set(defect.name, await trials.run(defect, options));
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    } finally {
      trials.end();
    }
  }, 120_000);

  test.each(defects.map(({ name, seed }) => ({ name, seed })))('$name (seed $seed)', ({ name }) => {
    const { exitCode, output } = outcomes.get(name)!;
    expect(output).toMatch(/^seed \d+ violates: /m);
    expect(exitCode).toBe(1);
  });
});
