import * as fc from 'fast-check';
import { decodePointer, encodePointer, firstPointer, type Pointer } from '../../../services/core/log/pointer';
import { Damaged, Unavailable } from '../../../services/core/runtime/errors';
import { framed, framedBytes } from './framed';

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
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, isFramed) => {
      try {
        decodePointer(isFramed ? framedBytes(bytes) : bytes);
      } catch (error) {
        expect(error instanceof Damaged || error instanceof Unavailable).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a pointer of a newer format is unavailable here, not damaged', () => {
  expect(() => decodePointer(framed([2, 'whatever a newer release means']))).toThrow(Unavailable);
});

test.each([
  ['no bytes', new Uint8Array()],
  ['a list that is cut', framedBytes(Uint8Array.of(0x93, 1))],
  ['no list', framed('pointer')],
  ['an empty list', framed([])],
  ['format 0', framed([0, 0, null])],
  ['a format that is no number', framed(['1', 0, null])],
  ['a floor that is not a number', framed([1, NaN, null])],
  ['a negative floor', framed([1, -1, null])],
  ['a fraction as floor', framed([1, 0.5, [9, rootBlobId]])],
  ['a floor without a checkpoint', framed([1, 3, null])],
  ['a floor above the checkpoint', framed([1, 10, [9, rootBlobId]])],
  ['a checkpoint without a root', framed([1, 1, [9]])],
  ['a root that is no blob id', framed([1, 1, [9, Uint8Array.of(1)]])],
  ['a checkpoint at no position', framed([1, 0, ['9', rootBlobId]])],
  ['no checkpoint field', framed([1, 0])],
])('%s is no pointer: damage', (_what, bytes) => {
  expect(() => decodePointer(bytes)).toThrow(Damaged);
});
