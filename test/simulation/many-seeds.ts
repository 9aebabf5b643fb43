// A share of the seeds as a test: several files run such shares, so that jest's workers divide them.
import { simulate } from './simulation';

/** What must have happened somewhere in a share: else it proves nothing about it. */
const events = [
  'ok', 'unavailable', 'unknown', 'no answer', 'refused TRYCREATE', 'refused ALREADYEXISTS', 'refused NONEXISTENT', 'refused OVERQUOTA',
  'decided again', 'group', 'spill', 'fence', 'gap', 'ghosts', 'duplicate delivery', 'maildrop update', 'kill', 'pause', 'cut', 'silence',
];

/** Defines the tests of `count` seeds from `from` on. */
export function testSeeds(from: number, count: number): void {
  describe(`seeds ${from} to ${from + count - 1}`, () => {
    const happened = new Set<string>();

    test('no client is told or shown what the log does not say', async () => {
      const failures: string[] = [];
      for (let seed = from; seed < from + count; seed += 1) {
        const { violations, counts } = await simulate(seed);
        for (const violation of violations) failures.push(`SEED=${seed} npm run sim: ${violation}`);
        for (const what of counts.keys()) happened.add(what);
      }
      expect(failures).toEqual([]);
    });

    test('whatever can go wrong has gone wrong', () => {
      expect(events.filter((event) => !happened.has(event))).toEqual([]);
    });
  });
}
