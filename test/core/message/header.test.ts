import * as fc from 'fast-check';
import { fieldValue, headerFields, parseHeader, unfold } from '../../../services/core/message/header';
import { bytesOf } from './scan';

const fieldsOf = (block: string): [string, string][] => {
  const header = parseHeader(bytesOf(block));
  return header.fields.map((field) => [field.key, fieldValue(header, field)]);
};

describe('a header block', () => {
  test.each<[string, string, [string, string][]]>([
    ['fields end with CRLF or LF', 'A: 1\r\nB: 2\nC: 3', [['a', '1'], ['b', '2'], ['c', '3']]],
    ['ends at its empty line', 'A: 1\r\n\r\nB: 2\r\n', [['a', '1']]],
    ['a value runs over folded lines, white space kept', 'A: 1\r\n  2\r\n\t3\r\n', [['a', '1  2\t3']]],
    ['a value may be empty', 'A:\r\nB:   \r\n', [['a', ''], ['b', '']]],
    ['names may be followed by white space', 'A \t: 1\r\n', [['a', '1']]],
    ['colons in the value are its own', 'A: b: c\r\n', [['a', 'b: c']]],
    ['a line without colon is skipped, with what continues it', 'A: 1\r\njunk\r\n x: y\r\nB: 2\r\n', [['a', '1'], ['b', '2']]],
    ['a line that continues nothing is skipped', ' x: y\r\nA: 1\r\n', [['a', '1']]],
    ['an mbox From line is no field', 'From a@b Mon Jan 1 00:00:00 2024\r\nA: 1\r\n', [['a', '1']]],
    ['a name is not empty', ': x\r\nA: 1\r\n', [['a', '1']]],
    ['a name has no 8-bit octets', '\xe9: x\r\nA: 1\r\n', [['a', '1']]],
    ['a value may have them, 0xA0 at its end too', 'A: \xc3\xa0 \r\n', [['a', '\xc3\xa0']]],
    ['a bare CR turns into a space, NUL into 0x80', 'A: 1\r2\0\r\n', [['a', '1 2\x80']]],
  ])('%s', (_, block, expected) => {
    expect(fieldsOf(block)).toEqual(expected);
  });

  test('any octets: fields come in order and do not overlap', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', ':', ' ', '\r\n', '\n', '\r', '\t', '\0', '\xff', 'B:')).map((words) => bytesOf(words.join(''))), (block) => {
      let at = 0;
      for (const field of parseHeader(block).fields) {
        expect(field.startByte).toBeGreaterThanOrEqual(at);
        expect(field.valueByte).toBeGreaterThan(field.startByte);
        expect(field.endByte).toBeGreaterThanOrEqual(field.valueByte);
        at = field.endByte;
      }
      expect(at).toBeLessThanOrEqual(block.length);
    }));
  });

  test('unfolding twice changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', ' ', '\t', 'a', '\0') }), (value) => {
      expect(unfold(unfold(value))).toBe(unfold(value));
    }));
  });
});

describe('HEADER.FIELDS', () => {
  const block = bytesOf('From: a@b\r\nreceived: 1\r\nSUBJECT: long\r\n\tsubject\r\njunk\r\nReceived: 2\r\nX:y\r\n\r\n');

  test.each<[string, string[], boolean, string]>([
    ['gives fields as stored, in the order of the message', ['subject', 'From'], false, 'From: a@b\r\nSUBJECT: long\r\n\tsubject\r\n\r\n'],
    ['gives every field of a name', ['RECEIVED'], false, 'received: 1\r\nReceived: 2\r\n\r\n'],
    ['gives an empty line where nothing matches', ['to'], false, '\r\n'],
    ['NOT gives the other fields, without lines that are none', ['received', 'from'], true, 'SUBJECT: long\r\n\tsubject\r\nX:y\r\n\r\n'],
    ['does not match the start of a name', ['Receive'], false, '\r\n'],
  ])('%s', (_, names, not, expected) => {
    expect(headerFields(block, names, not).toString('latin1')).toBe(expected);
  });

  test('ends a field that the message does not end', () => {
    expect(headerFields(bytesOf('A: 1\r\nB: 2'), ['b'], false).toString('latin1')).toBe('B: 2\r\n\r\n');
  });

  test('keeps bare LFs as stored', () => {
    expect(headerFields(bytesOf('A: 1\n 2\nB: 2\n\n'), ['a'], false).toString('latin1')).toBe('A: 1\n 2\n\r\n');
  });
});
