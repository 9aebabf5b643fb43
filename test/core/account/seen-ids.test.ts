import * as fc from 'fast-check';
import { SeenIds } from '../../../services/core/account/seen-ids';

const DAY_MS = 24 * 60 * 60_000;
const id = (n: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, k) => (n >>> (8 * (k % 4))) & 0xff);

test('an id is known once it was seen, and no other is', () => {
  const seen = SeenIds.empty.with(id(1), 0);
  expect(seen.has(id(1))).toBe(true);
  expect(seen.has(id(2))).toBe(false);
  expect(seen.has(id(257))).toBe(false); // Same first byte, another id.
  expect(SeenIds.empty.has(id(1))).toBe(false);
});

test.each([
  [0, true],
  [1, true],
  [7, true],
  [8, false],
  [400, false],
])('%i days after its day an id is known: %s', (days, isKnown) => {
  const late = 3 * DAY_MS + 0.9 * DAY_MS;
  const seen = SeenIds.empty.with(id(1), late).with(id(2), (3 + days) * DAY_MS);
  expect(seen.has(id(1))).toBe(isKnown);
  expect(seen.has(id(2))).toBe(true);
});

test('a version does not change when others are made from it', () => {
  const one = SeenIds.empty.with(id(1), 0);
  const two = one.with(id(2), 0);
  one.with(id(3), 20 * DAY_MS);
  expect([one.has(id(2)), two.has(id(1)), two.has(id(3))]).toEqual([false, true, false]);
});

test('the ids known are those of the last 7 days, as a list with times would say (F3)', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(5)), { maxLength: 30 }), (steps) => {
      const model = new Map<number, number>();
      let seen = SeenIds.empty;
      let day = 0;
      for (const [n, days] of steps) {
        day += days;
        for (const [known, since] of model) if (day - since > 7) model.delete(known);
        model.set(n, day);
        seen = seen.with(id(n), day * DAY_MS + 5);
        for (let other = 0; other <= 40; other += 1) expect(seen.has(id(other))).toBe(model.has(other));
      }
    }),
  );
});
