import { headerFacts } from '../../../services/cli/import/header-facts';
import { fromLineDateMs, headerDateMs } from '../../../services/cli/import/mail-date';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString().replace('.000Z', 'Z'));

test.each([
  ['Sat, 12 Aug 2017 10:11:12 +0200', '2017-08-12T08:11:12Z'],
  ['12 Aug 2017 10:11 -0530', '2017-08-12T15:41:00Z'],
  ['Sat, 12 Aug 2017 10:11:12 +0000 (UTC)', '2017-08-12T10:11:12Z'],
  ['Sat, 12 August 2017 10:11:12 EST', '2017-08-12T15:11:12Z'],
  ['12 Aug 17 10:11:12 GMT', '2017-08-12T10:11:12Z'],
  ['12 Aug 99 10:11:12 GMT', '1999-08-12T10:11:12Z'],
  ['12 Aug 117 10:11:12', '2017-08-12T10:11:12Z'],
  ['from a by b; Sat, 1 Jan 2000 00:00:00 +0000', '2000-01-01T00:00:00Z'],
  ['29 Feb 2023 10:11:12 +0000', null],
  ['31 Dec 2023 24:11:12 +0000', null],
  ['12 Foo 2023 10:11:12 +0000', null],
  ['1 Jan 1960 00:00:00 +0000', null],
  ['yesterday', null],
  ['', null],
  [`${' '.repeat(100_000)}12 Aug 2017`, null],
])('the date %s is %s', (value, expected) => {
  expect(iso(headerDateMs(value))).toBe(expected);
});

test.each([
  ['From joe@example.org Sat Aug 12 10:11:12 2017', '2017-08-12T10:11:12Z'],
  ['From joe Sat Aug  2 10:11 2017', '2017-08-02T10:11:00Z'],
  ['From 1575@xxx Sat Aug 12 10:11:12 +0200 2017', '2017-08-12T08:11:12Z'],
  ['From joe Sat Aug 12 10:11:12 EST 2017', '2017-08-12T15:11:12Z'],
  ['From joe Sat Aug 12 10:11:12 2017 -0100', '2017-08-12T11:11:12Z'],
  ['From - Sat Aug 12 10:11:12 2017\r', '2017-08-12T10:11:12Z'],
  ['From here on', null],
])('the From_ line %s is of %s', (line, expected) => {
  expect(iso(fromLineDateMs(line))).toBe(expected);
});

test.each([
  ['Status: RO', ['\\Seen']],
  ['Status: O\r\nX-Status: AFDT', ['\\Answered', '\\Flagged', '\\Deleted', '\\Draft']],
  ['X-Keywords: $Forwarded  work (bad) NonJunk', ['$Forwarded', 'work', 'NonJunk']],
  ['X-Mozilla-Status: 0005', ['\\Seen', '\\Flagged']],
  ['X-Mozilla-Status: zzzz', []],
  ['Subject: Status: R', []],
])('%j means %j', (fields, flags) => {
  expect(headerFacts(Buffer.from(`${fields}\r\n\r\nX-Status: F\r\n`), null).flags).toEqual(flags);
});

test.each([
  ['Date: 1 Jan 2001 00:00:00 +0000\r\nReceived: x; 2 Jan 2001 00:00:00 +0000\r\nReceived: y; 3 Jan 2001 00:00:00 +0000', null, '2001-01-02T00:00:00Z'],
  ['Date: 1 Jan 2001 00:00:00 +0000\r\nReceived: x', null, '2001-01-01T00:00:00Z'],
  ['Date: 1 Jan 2001 00:00:00 +0000', Date.parse('2003-01-01'), '2003-01-01T00:00:00Z'],
  ['Subject: x', null, null],
])('%j came at %s', (fields, dateMs, expected) => {
  expect(iso(headerFacts(Buffer.from(`${fields}\r\n\r\n`), dateMs).internalDateMs)).toBe(expected);
});

test("UW-IMAP's note to itself is no message", () => {
  expect(headerFacts(Buffer.from('Subject: DON\'T DELETE THIS MESSAGE\r\nX-IMAP: 1 2\r\n\r\n'), null).isMessage).toBe(false);
  expect(headerFacts(Buffer.from('X-IMAPbase: 1 2\r\n\r\n'), null).isMessage).toBe(true);
});
