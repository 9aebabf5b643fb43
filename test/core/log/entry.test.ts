import * as fc from 'fast-check';
import { decodeEntry, encodeEntry, sameBytes, type Entry } from '../../../services/core/log/entry';
import { decodeStored } from '../../../services/core/log/stored';
import { Damaged, Unavailable } from '../../../services/core/runtime/errors';
import { framed, framedBytes } from './framed';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const entries: fc.Arbitrary<Entry> = fc.record({
  token: bytes(16),
  timeMs: count,
  firstModSeq: count,
  changeCount: count,
  changes: fc.oneof(fc.uint8Array(), fc.record({ blobId: bytes(16), digest: bytes(32) })),
  totals: fc.array(fc.tuple(count, count, count, count, count, count, count), { maxLength: 5 }),
});
const entry: Entry = {
  token: new Uint8Array(16).fill(7),
  timeMs: 1,
  firstModSeq: 2,
  changeCount: 1,
  changes: Uint8Array.of(1, 2, 3),
  totals: [[1, 2, 3, 4, 5, 6, 7]],
};

/** The entry with one of its fields replaced. */
function withField(index: number, value: unknown): Uint8Array {
  return framed(decodeStored(encodeEntry(entry), 'an entry').with(index, value));
}

test('every entry comes back as it was, inline or spilled', () => {
  fc.assert(fc.property(entries, (made) => expect(decodeEntry(encodeEntry(made))).toEqual(made)));
});

test('arbitrary bytes are an entry or damage, never another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (some, isFramed) => {
      try {
        decodeEntry(isFramed ? framedBytes(some) : some);
      } catch (error) {
        expect(error instanceof Damaged || error instanceof Unavailable).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('an entry with any one bit changed, or cut anywhere, is damage', () => {
  const whole = encodeEntry(entry);
  for (let at = 0; at < whole.length; at += 1) {
    expect(() => decodeEntry(whole.subarray(0, at))).toThrow(Damaged);
    for (let bit = 0; bit < 8; bit += 1) expect(() => decodeEntry(whole.with(at, whole[at]! ^ (1 << bit)))).toThrow(Damaged);
  }
});

test('a newer format that older readers understand is read, and what it adds at the end is left', () => {
  const newer = framed([...decodeStored(encodeEntry(entry), 'an entry').with(0, 2), 'more']);
  expect(decodeEntry(newer)).toEqual(entry);
});

test('an entry that only a newer reader understands is unavailable here, not damaged', () => {
  expect(() => decodeEntry(withField(1, 2))).toThrow(Unavailable);
});

test.each([
  ['no format', 0, null],
  ['a format that is no number', 0, NaN],
  ['no minReader', 1, 'one'],
  ['no token', 2, null],
  ['a token that is too short', 2, new Uint8Array(15)],
  ['a time that is a fraction', 3, 1.5],
  ['a time before 1970', 3, -1],
  ['a mod-sequence beyond exact numbers', 4, 2 ** 53],
  ['no count of changes', 5, '1'],
  ['no changes', 6, null],
  ['a spill without digest', 6, [new Uint8Array(16)]],
  ['a spill whose blob id is too short', 6, [new Uint8Array(15), new Uint8Array(32)]],
  ['a spill whose digest is no SHA-256', 6, [new Uint8Array(16), new Uint8Array(31)]],
  ['totals that are no list', 7, 'none'],
  ['a row of totals that is too short', 7, [[1, 2, 3]]],
  ['a row of totals with a fraction', 7, [[1, 2, 3, 4, 5, 6, 0.5]]],
])('an entry with %s is damage', (_what, index, value) => {
  expect(() => decodeEntry(withField(index, value))).toThrow(Damaged);
});

test.each([
  ['nothing', new Uint8Array()],
  ['a text', framed('entry')],
  ['a map', framed({ format: 1 })],
  ['a list that claims four thousand million items', framedBytes(Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff))],
  ['a list that claims more items than there are bytes', framedBytes(Uint8Array.of(0xdd, 0x01, 0xff, 0xff, 0xff))],
])('%s is no entry', (_what, some) => {
  expect(() => decodeEntry(some)).toThrow(Damaged);
});

test.each([
  [[1, 2], [1, 2], true],
  [[1, 2], [1, 3], false],
  [[1, 2], [1], false],
  [[], [], true],
])('bytes %j and %j are the same: %s', (a, b, expected) => {
  expect(sameBytes(Uint8Array.from(a), Uint8Array.from(b))).toBe(expected);
});
