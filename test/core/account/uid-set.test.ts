import * as fc from 'fast-check';
import { UidSet } from '../../../services/core/account/uid-set';

const uid = fc.integer({ min: 1, max: 60 });
const uids = fc.array(uid, { maxLength: 40 });
const range = fc.tuple(uid, fc.nat(8)).map(([first, more]) => [first, first + more] as const);
const expand = (ranges: readonly (readonly [number, number])[]): Set<number> =>
  new Set(ranges.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, k) => first + k)));
const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

test('a set made of UIDs in any order, doubled or not, is that set', () => {
  fc.assert(
    fc.property(uids, (list) => {
      const model = new Set(list);
      const set = UidSet.of(list);
      expect([...set]).toEqual(ascending(model));
      expect(set.size).toBe(model.size);
      expect(set.isEmpty).toBe(model.size === 0);
      for (let u = 0; u <= 70; u += 1) expect(set.has(u)).toBe(model.has(u));
      expect([...UidSet.ofAscending(ascending(list))]).toEqual(ascending(model));
    }),
  );
});

test('a set made of ranges, overlapping or not, is their union; its own ranges are sorted, disjoint and not adjacent', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (list) => {
      const set = UidSet.ofRanges(list);
      expect([...set]).toEqual(ascending(expand(list)));
      const ranges = [...set.ranges()];
      for (const [k, [first, last]] of ranges.entries()) {
        expect(first).toBeLessThanOrEqual(last);
        if (k > 0) expect(first).toBeGreaterThan(ranges[k - 1]![1] + 1);
      }
    }),
  );
});

test('union and intersection are those of sets', () => {
  fc.assert(
    fc.property(uids, uids, (a, b) => {
      const [x, y] = [UidSet.of(a), UidSet.of(b)];
      expect([...x.union(y)]).toEqual(ascending(new Set([...a, ...b])));
      expect([...x.intersection(y)]).toEqual(ascending(new Set(a.filter((u) => b.includes(u)))));
    }),
  );
});

test('equal sets have equal runs, however they were made', () => {
  fc.assert(fc.property(uids, (list) => expect(UidSet.of(list).toDeltas()).toEqual(UidSet.ofRanges(list.map((u) => [u, u])).toDeltas())));
});

test('a set comes back from its deltas', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 2 ** 31 }), fc.nat(1000)).map(([a, n]) => [a, a + n] as const)), (list) => {
      const set = UidSet.ofRanges(list);
      expect(UidSet.fromDeltas(set.toDeltas())?.toDeltas()).toEqual(set.toDeltas());
    }),
  );
});

test('deltas that are a set are the deltas of that set', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 6 }), { maxLength: 8 }), (deltas) => {
      const set = UidSet.fromDeltas(deltas);
      if (set) expect(set.toDeltas()).toEqual(deltas);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['an odd number of bounds', [1]],
  ['UID 0', [0, 0]],
  ['a negative first', [-1, 5]],
  ['a run that ends before it begins', [5, -1]],
  ['runs that overlap', [1, 4, 0, 1]],
  ['runs that touch', [1, 4, 1, 1]],
  ['a fraction', [1, 0.5]],
  ['no number', [NaN, 1]],
  ['an infinite run', [1, Infinity]],
  ['bounds beyond exact numbers', [2 ** 52, 2 ** 52, 2 ** 52, 0]],
])('%s is no set: null', (_what, deltas) => {
  expect(UidSet.fromDeltas(deltas)).toBeNull();
});

test('huge ranges are never expanded', () => {
  const all = UidSet.ofRanges([[1, 4_294_967_295]]);
  expect(all.size).toBe(4_294_967_295);
  expect(all.has(2 ** 31)).toBe(true);
  expect([...all.union(UidSet.ofRanges([[5, 2 ** 31]])).ranges()]).toEqual([[1, 4_294_967_295]]);
  expect([...all.intersection(UidSet.of([3, 4, 9])).ranges()]).toEqual([[3, 4], [9, 9]]);
  expect(UidSet.fromDeltas(all.toDeltas())!.size).toBe(all.size);
});

test('the empty set has nothing', () => {
  expect(UidSet.empty.isEmpty).toBe(true);
  expect([...UidSet.empty]).toEqual([]);
  expect(UidSet.empty.has(1)).toBe(false);
  expect(UidSet.fromDeltas([])!.isEmpty).toBe(true);
});
