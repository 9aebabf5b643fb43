import * as fc from 'fast-check';
import { ByteWriter } from '../../../services/core/wire/byte-writer';
import { writeAstring, writeNString, writeString } from '../../../services/imap/responses/strings';
import { readerOf } from '../segments-of';

function written(write: (out: ByteWriter) => void): string {
  const out = new ByteWriter();
  write(out);
  return out.take().toString('latin1');
}

const LONG = 'x'.repeat(1_001);

test.each([
  ['', '""'],
  ['abc', '"abc"'],
  ['a "b" \\c', '"a \\"b\\" \\\\c"'],
  ['a\r\nb', '{4}\r\na\r\nb'],
  ['a\tb', '{3}\r\na\tb'],
  ['\u00fc', '{1}\r\n\u00fc'],
  ['a\0b', '{3}\r\na\u0080b'],
  [LONG, `{1001}\r\n${LONG}`],
])('the string %j is written %j', (text, wire) => {
  expect(written((out) => writeString(out, text))).toBe(wire);
  expect(written((out) => writeNString(out, text))).toBe(wire);
});

test('nothing is NIL, and the text NIL is not', () => {
  expect(written((out) => writeNString(out, null))).toBe('NIL');
  expect(written((out) => writeNString(out, 'NIL'))).toBe('"NIL"');
});

test.each([
  ['abc]', 'abc]'],
  ['a b', '"a b"'],
  ['nil', '"nil"'],
  ['NILS', 'NILS'],
  ['', '""'],
  ['a{1}', '"a{1}"'],
  ['a*', '"a*"'],
])('the astring %j is written %s', (text, wire) => {
  expect(written((out) => writeAstring(out, text))).toBe(wire);
});

test('any string that was written is read again as itself', () => {
  const byteString = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 50 });
  fc.assert(
    fc.property(byteString, (text) => {
      expect(readerOf(written((out) => writeString(out, text))).readString('x').toString('latin1')).toBe(text);
      expect(readerOf(written((out) => writeAstring(out, text))).readAstring('x').toString('latin1')).toBe(text);
      expect(readerOf(written((out) => writeNString(out, text))).readNString('x')?.toString('latin1')).toBe(text);
    }),
    { numRuns: 500 },
  );
});
