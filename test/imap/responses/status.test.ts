import * as fc from 'fast-check';
import { UidSet } from '../../../services/core/account/uid-set';
import { appendUidCode, badCharsetCode, copyUidCode, modifiedCode, numberCode, permanentFlagsCode } from '../../../services/imap/responses/response-codes';
import { continuation, tagged, untagged, untaggedData } from '../../../services/imap/responses/status';

const setOf = (...uids: number[]): UidSet => UidSet.of(uids);

test.each<[string, Buffer]>(([
  [tagged('a1', 'OK', 'NOOP completed'), 'a1 OK NOOP completed'],
  [tagged('a1', 'OK', 'done', 'READ-WRITE'), 'a1 OK [READ-WRITE] done'],
  [tagged('a]1', 'NO', 'no such mailbox', 'NONEXISTENT'), 'a]1 NO [NONEXISTENT] no such mailbox'],
  [untagged('BYE', 'bye'), '* BYE bye'],
  [untagged('OK', '[x] is not a code'), '* OK (x] is not a code'],
  [untagged('OK', '[x]', 'ALERT'), '* OK [ALERT] [x]'],
  [untagged('NO', ''), '* NO -'],
  [untagged('BAD', 'a\r\nb1 OK\0'), '* BAD a??b1 OK?'],
  [untagged('OK', 'grüße'), '* OK gr??e'],
  [untagged('OK', 'x'.repeat(1000)), `* OK ${'x'.repeat(500)}`],
  [untaggedData('CAPABILITY IMAP4rev1'), '* CAPABILITY IMAP4rev1'],
  [continuation('idling'), '+ idling'],
  [continuation(''), '+ '],
  [untagged('OK', 'x', numberCode('UIDNEXT', 4392)), '* OK [UIDNEXT 4392] x'],
  [untagged('OK', 'x', permanentFlagsCode(['\\Deleted', '\\Seen'], true)), '* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] x'],
  [untagged('OK', 'x', permanentFlagsCode([], false)), '* OK [PERMANENTFLAGS ()] x'],
  [tagged('a', 'OK', 'x', appendUidCode(38505, setOf(3955))), 'a OK [APPENDUID 38505 3955] x'],
  [tagged('a', 'OK', 'x', copyUidCode(38505, setOf(304, 319, 320), setOf(3956, 3957, 3958))), 'a OK [COPYUID 38505 304,319:320 3956:3958] x'],
  [tagged('a', 'OK', 'x', modifiedCode(setOf(7, 9))), 'a OK [MODIFIED 7,9] x'],
  [tagged('a', 'NO', 'x', badCharsetCode(['US-ASCII', 'UTF-8'])), 'a NO [BADCHARSET (US-ASCII UTF-8)] x'],
] as [Buffer, string][]).map(([bytes, line]) => [line, bytes]))('%s', (line, bytes) => {
  expect(bytes.toString('latin1')).toBe(`${line}\r\n`);
});

test('no text can end a line or look like a code', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, hasCode) => {
      const line = tagged('a1', 'NO', text, hasCode ? 'LIMIT' : undefined).toString('latin1');
      expect(line).toMatch(hasCode ? /^a1 NO \[LIMIT\] [ -~]+\r\n$/ : /^a1 NO [ -Z\\-~][ -~]*\r\n$/);
    }),
  );
});

test.each(['X]Y', 'X\r\nY', '', 'ü'])('the code %j cannot be written', (code) => {
  expect(() => tagged('a1', 'OK', 'x', code)).toThrow(RangeError);
});

test('an empty set cannot be written into a code', () => {
  expect(() => modifiedCode(UidSet.empty)).toThrow(RangeError);
});
