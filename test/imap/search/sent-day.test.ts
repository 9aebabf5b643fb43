import { sentDay } from '../../../services/imap/search/sent-day';

const day = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date) / 86_400_000;

test.each<[string, number]>([
  ['Wed, 17 Jul 1996 02:23:25 -0700 (PDT)', day(1996, 7, 17)],
  ['17 Jul 1996 23:59:59 -1200', day(1996, 7, 17)],
  ['Thu, 1 Jan 1970 00:00:00 +1400', 0],
  ['Wed,  7 July 2021 1:00', day(2021, 7, 7)],
  ['(note) Mon, 02 (or so) Mar 2020 00:00 GMT', day(2020, 3, 2)],
  ['12-JAN-98 10:00:00 EST', day(1998, 1, 12)],
  ['12 Jan 49 10:00', day(2049, 1, 12)],
  ['12 Jan 50 10:00', day(1950, 1, 12)],
  ['12 Jan 103 10:00', day(2003, 1, 12)],
  ['Sun Nov  6 08:49:37 1994', day(1994, 11, 6)],
  ['Sun Nov  6 08:49:37 EST 1994', day(1994, 11, 6)],
  ['29 Feb 2020 10:00', day(2020, 2, 29)],
])('%s', (date, expected) => {
  expect(sentDay(date)).toBe(expected);
});

test.each(['', 'yesterday', '30 Feb 2020', '0 Jan 2020', '12 Foo 2020', '12 Jan', '12 Jan 20200', `${'('.repeat(100_000)}1 Jan 2020`])('no day: %#', (date) => {
  expect(sentDay(date)).toBeNull();
});
