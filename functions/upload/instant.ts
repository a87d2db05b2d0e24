const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
const FIRST = '1970-01-01T00:00:00';
const MINUTE_MS = 60_000;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The instant in UTC as `2025-11-12T10:00:00.000000Z`, or `undefined` when the text is no RFC 3339
 * date-time with an offset, names no real date or time (leap seconds included), or lies outside the
 * years 1970 to 9999 in UTC. Digits beyond microseconds are cut off, so that no instant moves into
 * the next day.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function canonicalInstant(text: string): string | undefined {
  if (!RFC_3339.test(text)) return undefined;
  // Its parts have their places: what the expression would capture is six strings for nothing.
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  if (!isDate(year, twoDigits(text, 5), twoDigits(text, 8))) return undefined;
  if (!isTime(twoDigits(text, 11), twoDigits(text, 14)) || twoDigits(text, 17) > 59) {
    return undefined;
  }
  const isUtc = text.endsWith('Z') || text.endsWith('z');
  const end = text.length - (isUtc ? 1 : '+00:00'.length);
  const offset = isUtc ? ([0, 0] as const) : offsetAt(text, end);
  if (!isTime(...offset)) return undefined;

  const offsetMs = (offset[0] * 60 + offset[1]) * MINUTE_MS * (text[end] === '-' ? -1 : 1);
  // A string of one piece, where joined ones keep all.
  const local = text.slice(0, FIRST.length).toUpperCase();
  const utc = offsetMs === 0 ? local : inUtc(local, offsetMs);
  if (utc < FIRST || utc.length > FIRST.length) return undefined;
  const fraction = text.slice(FIRST.length + 1, end);
  return `${utc}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
}

const ZERO = 0x30;
const twoDigits = (text: string, at: number) =>
  10 * (text.charCodeAt(at) - ZERO) + text.charCodeAt(at + 1) - ZERO;

/** Hours and minutes of `+05:30`. */
const offsetAt = (text: string, at: number) =>
  [twoDigits(text, at + 1), twoDigits(text, at + 4)] as const;

function isDate(year: number, month: number, day: number): boolean {
  return day >= 1 && day <= daysIn(year, month);
}

/** How many days a month has; none where there is no such month. */
export function daysIn(year: number, month: number): number {
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && isLeapYear ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

const isTime = (hour: number, minute: number) => hour <= 23 && minute <= 59;

/** Years beyond 9999 come longer, with a sign. */
function inUtc(local: string, offsetMs: number): string {
  return new Date(Date.parse(`${local}Z`) - offsetMs).toISOString().split('.')[0] ?? '';
}
