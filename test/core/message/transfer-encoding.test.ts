import * as fc from 'fast-check';
import { decodeTransfer } from '../../../services/core/message/transfer-encoding';
import { bytesOf } from './scan';

const decode = (text: string, encoding: string): string => Buffer.from(decodeTransfer(bytesOf(text), encoding)).toString('latin1');

describe('base64', () => {
  test('decodes what Node encodes, however its lines are cut', () => {
    fc.assert(fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 80 }), (octets, width) => {
      const lines = Buffer.from(octets).toString('base64').replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\r\n');
      expect(Buffer.from(decodeTransfer(bytesOf(lines), 'base64')).equals(octets)).toBe(true);
    }));
  });

  test.each([
    ['SGVsbG8', 'Hello'], ['SGVs bG8=', 'Hello'], ['SGVsbG8=\r\n--\r\n', 'Hello'], ['SGk=SGk=', 'HiHi'], ['S-G_k', 'Hi'], ['S', ''], ['====', ''], ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(decode(text, 'base64')).toBe(expected);
  });
});

describe('quoted-printable', () => {
  test.each([
    ['a=3Db', 'a=b'], ['a=3db', 'a=b'], ['=E9', '\xe9'], ['a=\r\nb', 'ab'], ['a=\nb', 'ab'], ['a= \t\r\nb', 'ab'], ['a \r\nb', 'a\r\nb'], ['a \t', 'a'], ['a=20\r\nb', 'a \r\nb'],
    ['a =\r\nb', 'a b'], ['a=', 'a'], ['a=Z', 'a=Z'], ['a=4', 'a=4'], ['a==41', 'a=A'], ['= x', '= x'], ['\r\n\r\n', '\r\n\r\n'], ['a\rb', 'a\rb'], ['=\r', '=\r'], ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(decode(text, 'quoted-printable')).toBe(expected);
  });

  test('any octets come back if each is written as =XX', () => {
    fc.assert(fc.property(fc.uint8Array(), (octets) => {
      const text = Array.from(octets, (byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('=\r\n');
      expect(Buffer.from(decodeTransfer(bytesOf(text), 'quoted-printable')).equals(octets)).toBe(true);
    }));
  });

  test('soft breaks that never end are read in one pass', () => {
    expect(decode('=  '.repeat(500_000), 'quoted-printable').length).toBeGreaterThan(1_000_000);
  });
});

test.each(['7bit', '8bit', 'binary', 'x-uuencode', ''])('%j is left alone', (encoding) => {
  expect(decode('=41 SGk=', encoding)).toBe('=41 SGk=');
});
