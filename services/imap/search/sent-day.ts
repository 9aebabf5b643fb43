// The day on which a message says that it was sent (RFC 3501 §6.4.4, SENTON): as its Date field has it, "disregarding time and timezone".

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAY_MS = 86_400_000;
/** No date is longer; what is behind are comments. */
const DATE_CHARS_MAX = 200;

// date-time = [ day-of-week "," ] day month year time zone (RFC 5322 §3.3); "-" between its parts is seen too.
const DATE = /^(?:[a-z]+\.?,? +)?(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{2,4})(?!\d)/i;
// What asctime() writes: "Sun Nov  6 08:49:37 1994".
const ASCTIME = /^(?:[a-z]+,? +)?([a-z]{3})[a-z]* +(\d{1,2}),?(?: +\d\d?:\d\d(?::\d\d)?)?(?: +[a-z]{3,4})? +(\d{4})(?!\d)/i;

/** Days since 1 January 1970; null if the field says no day that a calendar has. `date`: the field's value, unfolded. */
export function sentDay(date: string): number | null {
  const text = date.slice(0, DATE_CHARS_MAX).replace(/\([^()]*\)/g, ' ').replace(/\s+/g, ' ').trim();
  const rfc5322 = DATE.exec(text);
  if (rfc5322) return dayOf(rfc5322[3]!, rfc5322[2]!, rfc5322[1]!);
  const asctime = ASCTIME.exec(text);
  return asctime ? dayOf(asctime[3]!, asctime[1]!, asctime[2]!) : null;
}

function dayOf(yearText: string, monthName: string, dayText: string): number | null {
  const month = MONTHS.indexOf(monthName.toLowerCase());
  if (month === -1) return null;
  const day = Number(dayText);
  const date = new Date(0);
  // Not Date.UTC(): it has its own mind about the years 0 to 99.
  date.setUTCFullYear(fullYear(Number(yearText), yearText.length), month, day);
  return date.getUTCMonth() === month && day !== 0 ? Math.round(date.getTime() / DAY_MS) : null;
}

/** obs-year (RFC 5322 §4.3). */
function fullYear(year: number, digits: number): number {
  if (digits === 2) return year + (year < 50 ? 2000 : 1900);
  return digits === 3 ? year + 1900 : year;
}
