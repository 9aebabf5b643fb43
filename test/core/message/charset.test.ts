import { decodeCharset } from '../../../services/core/message/charset';

test('half a character at the end of one text leaves nothing for the next', () => {
  expect(decodeCharset(Buffer.from([0x61, 0xe2, 0x82]), 'utf-8')).toBe('a\ufffd');
  expect(decodeCharset(Buffer.from([0xac, 0x62]), 'utf-8')).toBe('\ufffdb');
  expect(decodeCharset(Buffer.from('\ufeffx'), 'UTF8')).toBe('x');
});
