// date and date-time (RFC 3501 §9). A date that no calendar has is refused.
import { BadCommand } from '../../core/runtime/errors';
import { ATOM } from './characters';
import type { Reader } from './reader';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MS = 86_400_000;

// date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE; a day of one digit without its space is
// let through.
const DATE_TIME = /^( \d|\d\d?)-([a-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/i;
// date-text = date-day "-" date-month "-" date-year
const DATE = /^(\d\d?)-([a-z]{3})-(\d{4})$/i;
/** The longest of both forms. */
const TEXT_BYTES_MAX = 26;

/** Reads a date-time. Answers milliseconds since 1970. */
export function readDateTime(reader: Reader): number {
  const bytes = reader.isAt('"') ? reader.tryString() : null;
  const match = bytes !== null && bytes.length <= TEXT_BYTES_MAX ? DATE_TIME.exec(bytes.toString('latin1')) : null;
  if (match === null) throw new BadCommand('expected a date and time such as "17-Jul-1996 02:44:25 -0700"');
  const dayMs = calendarDay(match[1]!, match[2]!, match[3]!) * DAY_MS;
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  const [zoneHour, zoneMinute] = [Number(match[8]), Number(match[9])];
  // 60: a leap second.
  if (hour > 23 || minute > 59 || second > 60) throw new BadCommand('there is no such time of day');
  if (zoneHour > 23 || zoneMinute > 59) throw new BadCommand('there is no such time zone');
  const offsetMinutes = (zoneHour * 60 + zoneMinute) * (match[7] === '-' ? -1 : 1);
  return dayMs + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1000;
}

/** date = date-text / DQUOTE date-text DQUOTE. Answers days since 1 January 1970; searching disregards time and zone. */
export function readDate(reader: Reader): number {
  const bytes = reader.isAt('"') ? reader.tryString() : reader.takeRun(ATOM);
  const match = bytes !== null && bytes.length <= TEXT_BYTES_MAX ? DATE.exec(bytes.toString('latin1')) : null;
  if (match === null) throw new BadCommand('expected a date such as 1-Feb-1994');
  return calendarDay(match[1]!, match[2]!, match[3]!);
}

/** True if a date-time may start at the cursor. */
export function startsDateTime(reader: Reader): boolean {
  return reader.isAt('"');
}

function calendarDay(day: string, monthName: string, year: string): number {
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month === -1) throw new BadCommand('there is no such month');
  const date = new Date(0);
  // Not Date.UTC(): it takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(Number(year), month, Number(day));
  if (date.getUTCMonth() !== month || Number(day) === 0) throw new BadCommand('there is no such day');
  return Math.round(date.getTime() / DAY_MS);
}
