import { encode } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { decodePointer, encodePointer, firstPointer, type Pointer } from '../../../services/core/log/pointer';
import { Damaged, Unavailable } from '../../../services/core/runtime/errors';

const rootBlobId = new Uint8Array(16).fill(9);
const pointers: fc.Arbitrary<Pointer> = fc.oneof(
  fc.constant(firstPointer),
  fc
    .record({ position: fc.nat(), floor: fc.nat(), root: fc.uint8Array({ minLength: 16, maxLength: 16 }) })
    .map(({ position, floor, root }) => ({ floor: Math.min(floor, position), checkpoint: { position, rootBlobId: root } })),
);

test('every pointer comes back as it was', () => {
  fc.assert(fc.property(pointers, (pointer) => expect(decodePointer(encodePointer(pointer))).toEqual(pointer)));
});

test('arbitrary bytes are a pointer or damage, never another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodePointer(bytes);
      } catch (error) {
        expect(error instanceof Damaged || error instanceof Unavailable).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a pointer of a newer format is unavailable here, not damaged', () => {
  expect(() => decodePointer(encode([2, 'whatever a newer release means']))).toThrow(Unavailable);
});

test.each([
  ['no bytes', new Uint8Array()],
  ['a list that is cut', Uint8Array.of(0x93, 1)],
  ['no list', encode('pointer')],
  ['an empty list', encode([])],
  ['format 0', encode([0, 0, null])],
  ['a format that is no number', encode(['1', 0, null])],
  ['a floor that is not a number', encode([1, NaN, null])],
  ['a negative floor', encode([1, -1, null])],
  ['a fraction as floor', encode([1, 0.5, [9, rootBlobId]])],
  ['a floor without a checkpoint', encode([1, 3, null])],
  ['a floor above the checkpoint', encode([1, 10, [9, rootBlobId]])],
  ['a checkpoint without a root', encode([1, 1, [9]])],
  ['a root that is no blob id', encode([1, 1, [9, Uint8Array.of(1)]])],
  ['a checkpoint at no position', encode([1, 0, ['9', rootBlobId]])],
  ['no checkpoint field', encode([1, 0])],
])('%s is no pointer: damage', (_what, bytes) => {
  expect(() => decodePointer(bytes)).toThrow(Damaged);
});
