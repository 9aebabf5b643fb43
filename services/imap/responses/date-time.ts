// date-time (RFC 3501 §9), always in UTC.
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

// The year has four digits: a time zone can push a date that a client gave just out of it.
const FIRST_MS = new Date(0).setUTCFullYear(0, 0, 1);
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** `"17-Jul-1996 09:44:25 +0000"`, with its quotes, from milliseconds since 1970. */
export function dateTimeText(timeMs: number): string {
  const date = new Date(Math.min(Math.max(timeMs, FIRST_MS), LAST_MS));
  // date-day-fixed = (SP DIGIT) / 2DIGIT
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `"${day}-${MONTHS[date.getUTCMonth()]}-${year} ${time} +0000"`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
