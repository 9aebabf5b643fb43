import * as fc from 'fast-check';
import { BadCommand } from '../../../services/core/runtime/errors';
import { readDate, readDateTime } from '../../../services/imap/grammar/date-time';
import { dateTimeText } from '../../../services/imap/responses/date-time';
import { readerOf } from '../segments-of';

test.each([
  ['"17-Jul-1996 02:44:25 -0700"', '1996-07-17T09:44:25.000Z'],
  ['" 1-feb-1994 00:00:00 +0130"', '1994-01-31T22:30:00.000Z'],
  ['"1-Feb-1994 00:00:00 +0000"', '1994-02-01T00:00:00.000Z'],
  ['"29-Feb-2000 23:59:60 +0000"', '2000-03-01T00:00:00.000Z'],
  ['"31-Dec-1969 23:59:59 +0000"', '1969-12-31T23:59:59.000Z'],
  ['"01-Jan-0099 00:00:00 +0000"', '0099-01-01T00:00:00.000Z'],
])('%s is %s', (text, iso) => {
  expect(new Date(readDateTime(readerOf(text))).toISOString()).toBe(iso);
});

test.each([
  '17-Jul-1996', '"17-Jul-1996 02:44:25"', '"17-Jul-1996 02:44:25 PDT"', '"29-Feb-1900 00:00:00 +0000"', '"31-Apr-2024 00:00:00 +0000"',
  '"0-Jan-2024 00:00:00 +0000"', '"32-Jan-2024 00:00:00 +0000"', '"1-Foo-2024 00:00:00 +0000"', '"01-Jan-2024 24:00:00 +0000"', '"01-Jan-2024 00:60:00 +0000"',
  '"01-Jan-2024 00:00:61 +0000"', '"01-Jan-2024 00:00:00 +2400"', '"01-Jan-2024 00:00:00 +0060"', '"01-Jan-24 00:00:00 +0000"', '""',
])('%s is no date and time', (text) => {
  expect(() => readDateTime(readerOf(text))).toThrow(BadCommand);
});

test.each([
  ['1-Feb-1994', '1994-02-01'],
  ['"01-FEB-1994"', '1994-02-01'],
  ['29-Feb-2024', '2024-02-29'],
])('the day %s is %s', (text, iso) => {
  expect(new Date(readDate(readerOf(text)) * 86_400_000).toISOString().slice(0, 10)).toBe(iso);
});

test.each(['', '1-Feb', '29-Feb-2023', ' 1-Feb-1994', '1-Feb-19944', '"1-Feb-1994', '1994-02-01'])('"%s" is no day', (text) => {
  expect(() => readDate(readerOf(text))).toThrow(BadCommand);
});

test('a date that was written is read again to the second', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), (date) => {
      expect(readDateTime(readerOf(dateTimeText(date.getTime())))).toBe(Math.floor(date.getTime() / 1000) * 1000);
    }),
  );
});

test('a date pushed out of four-digit years by its zone is still written', () => {
  expect(dateTimeText(readDateTime(readerOf('"31-Dec-9999 23:59:59 -2359"')))).toBe('"31-Dec-9999 23:59:59 +0000"');
  expect(dateTimeText(readDateTime(readerOf('"01-Jan-0000 00:00:00 +2359"')))).toBe('" 1-Jan-0000 00:00:00 +0000"');
});
