// Dates as mail writes them: of header fields (RFC 5322 §3.3, with the obsolete forms of §4.3), and of the From_ lines of an mbox.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** RFC 5322 §4.3; all other letters are of unknown meaning and count as UTC. */
const ZONE_HOURS: Readonly<Record<string, number>> = { edt: -4, est: -5, cdt: -5, cst: -6, mdt: -6, mst: -7, pdt: -7, pst: -8 };

const HEADER_DATE = /\b(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[A-Za-z]+)?/;
const FROM_DATE = /\b([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s+(?:([+-]\d{4}|[A-Z]{1,5})\s+)?(\d{4})(?:\s+([+-]\d{4}|[A-Z]{1,5}))?\s*$/;

/** Longer than any date with its comments: what is matched is bounded. */
const DATE_CHARACTERS_MAX = 500;

/** Milliseconds since 1970 of a Date or, after its last semicolon, a Received field; null if it has no date. */
export function headerDateMs(value: string): number | null {
  const date = value.slice(value.lastIndexOf(';') + 1).slice(0, DATE_CHARACTERS_MAX);
  const found = HEADER_DATE.exec(date);
  if (!found) return null;
  const [, day, month, year, hour, minute, second, zone] = found;
  return timeMs(fullYear(year!), month!, day!, hour!, minute!, second, zone);
}

/** Milliseconds since 1970 of a From_ line; its asctime is UTC (RFC 4155, appendix A) unless it says otherwise. */
export function fromLineDateMs(line: string): number | null {
  const found = FROM_DATE.exec(line.slice(-DATE_CHARACTERS_MAX));
  if (!found) return null;
  const [, month, day, hour, minute, second, zoneBefore, year, zoneAfter] = found;
  return timeMs(Number(year), month!, day!, hour!, minute!, second, zoneBefore ?? zoneAfter);
}

/** RFC 5322 §4.3: two digits are 1950 to 2049, three digits count from 1900. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

function timeMs(year: number, month: string, day: string, hour: string, minute: string, second: string | undefined, zone: string | undefined): number | null {
  const monthIndex = MONTHS.indexOf(month.toLowerCase());
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) <= 60;
  const isDay = Number(day) >= 1 && Number(day) <= new Date(Date.UTC(year, monthIndex + 1, 0)).getUTCDate();
  if (monthIndex === -1 || !isTime || !isDay || year < 1970) return null;
  const local = Date.UTC(year, monthIndex, Number(day), Number(hour), Number(minute), Number(second ?? 0));
  return Math.max(0, local - zoneMinutes(zone) * 60_000);
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined) return 0;
  const offset = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (!offset) return (ZONE_HOURS[zone.toLowerCase()] ?? 0) * 60;
  return (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
}
