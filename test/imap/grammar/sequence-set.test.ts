import * as fc from 'fast-check';
import { UidSet } from '../../../services/core/account/uid-set';
import { BadCommand } from '../../../services/core/runtime/errors';
import { readSequenceSet, readStarlessSet, type SequenceSet } from '../../../services/imap/grammar/sequence-set';
import { setText } from '../../../services/imap/responses/sequence-set';
import { readerOf } from '../segments-of';

const setOf = (text: string): SequenceSet => {
  const reader = readerOf(text);
  const set = readSequenceSet(reader);
  reader.readEnd();
  return set;
};

test.each([
  ['1', '1'],
  ['2,4:7,9,12:*', '2,4:7,9,12:*'],
  ['*', '*'],
  ['*:4,5:7', '4:*'],
  ['7:5,6,8', '5:8'],
  ['3,2,1,1', '1:3'],
  ['1:*', '1:*'],
  ['*:*', '*'],
  ['1:3,5:*,4', '1:*'],
  ['9,5:*', '5:*'],
  ['4294967295,1:4294967295', '1:4294967295'],
  ['007', '7'],
])('%s means %s', (text, normal) => {
  expect(setOf(text).toString()).toBe(normal);
});

test.each(['', ',', '1,', ',1', '1:', ':1', '1::2', '1:2:3', '0', '1,0', '1:0', '4294967296', '99999999999999999999', '1,,2', '**', '1*', 'x', '1,x', '-1', '1 ,2', '$'])(
  '"%s" is no set',
  (text) => {
    expect(() => setOf(text)).toThrow(BadCommand);
  },
);

test.each<[string, number, [number, number][]]>([
  ['1:4294967295', 5, [[1, 5]]],
  ['4:*', 9, [[4, 9]]],
  // RFC 3501 §6.4.8: the last message is named even if its number is below the first bound.
  ['559:*', 5, [[5, 5]]],
  ['*', 7, [[7, 7]]],
  ['*', 0, []],
  ['1:*', 0, []],
  ['1:3,7,9:*', 5, [[1, 3], [5, 5]]],
  ['1:5,9:*', 5, [[1, 5]]],
  ['7:8,10:*', 5, [[5, 5]]],
  ['2,4,6', 5, [[2, 2], [4, 4]]],
  ['6:9', 5, []],
])('%s within %d messages', (text, largest, ranges) => {
  expect([...setOf(text).within(largest)]).toEqual(ranges);
});

test('the largest number written out is known', () => {
  expect(['1:9,3', '*', '5:*', '2,7:*'].map((text) => setOf(text).largestNumber)).toEqual([9, 0, 5, 7]);
});

test('known UIDs have no star', () => {
  expect(() => readStarlessSet(readerOf('1:*'))).toThrow(BadCommand);
  expect(readStarlessSet(readerOf('1:9')).toString()).toBe('1:9');
});

const bound = fc.oneof(fc.constant('*'), fc.integer({ min: 1, max: 30 }).map(String));
const part = fc.oneof(bound, fc.tuple(bound, bound).map(([first, last]) => `${first}:${last}`));
const text = fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(','));

test('a set names what its text says, number by number', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 40 }), (setAsText, largest) => {
      const valueOf = (one: string): number => (one === '*' ? largest : Number(one));
      const expected: number[] = [];
      for (let value = 1; value <= largest; value++) {
        const isNamed = setAsText.split(',').some((one) => {
          const [a, b = a] = one.split(':') as [string, string?];
          return Math.min(valueOf(a), valueOf(b)) <= value && value <= Math.max(valueOf(a), valueOf(b));
        });
        if (isNamed) expected.push(value);
      }
      const set = setOf(setAsText);
      expect([...UidSet.ofRanges(set.within(largest))]).toEqual(expected);
      for (let value = 0; value <= 41; value++) expect(set.has(value, largest)).toBe(expected.includes(value));
    }),
    { numRuns: 500 },
  );
});

test('writing and reading give the same set', () => {
  fc.assert(
    fc.property(text, (setAsText) => {
      const normal = setOf(setAsText).toString();
      expect(setOf(normal).toString()).toBe(normal);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { minLength: 1 }), (values) => {
      const written = setText(UidSet.of(values));
      expect(setOf(written).toString()).toBe(written);
    }),
  );
});

test('a hundred thousand numbers in the worst order are one range', () => {
  const numbers = Array.from({ length: 100_000 }, (_, i) => 100_000 - i);
  expect(setOf(numbers.join(',')).toString()).toBe('1:100000');
});

test('a megabyte of ranges that cannot be merged is read', () => {
  const parts = Array.from({ length: 80_000 }, (_, i) => `${(80_000 - i) * 10}:${(80_000 - i) * 10 + 5}`);
  expect([...setOf(parts.join(',')).within(2 ** 32 - 1)]).toHaveLength(80_000);
});
