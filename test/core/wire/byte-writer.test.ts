import * as fc from 'fast-check';
import { ByteWriter } from '../../../services/core/wire/byte-writer';

test.each([0, 9, 10, 99, 100, 4294967295, 4294967296, 999999999, 1000000000, 2 ** 31, Number.MAX_SAFE_INTEGER])('%d is written in decimal', (value) => {
  expect(new ByteWriter().number(value).take().toString()).toBe(String(value));
});

test.each([-1, 1.5, NaN, Infinity, 2 ** 53])('%d is refused as a number', (value) => {
  expect(() => new ByteWriter().number(value)).toThrow(RangeError);
});

test('any 32-bit number is written in decimal', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => new ByteWriter(1).number(value).take().toString() === String(value)));
});

test('what was taken is not changed by later writes', () => {
  const out = new ByteWriter(4);
  const first = out.ascii('abc').take();
  const second = out.ascii('x'.repeat(1000)).bytes(Buffer.from('yz')).crlf().take();
  expect(first.toString()).toBe('abc');
  expect(second.toString()).toBe(`${'x'.repeat(1000)}yz\r\n`);
  expect(out.lengthBytes).toBe(0);
});

test('text is written byte by byte for every length', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 60 })), (texts) => {
      const out = new ByteWriter(1);
      for (const text of texts) out.ascii(text);
      expect(out.take().toString('latin1')).toBe(texts.join(''));
    }),
  );
});
