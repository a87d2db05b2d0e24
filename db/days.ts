// The one place that reckons with days. A day is a UTC day as text, `2025-11-12`; the orders' days
// are those of the years 1970 to 9999. Text of five digits of year sorts before all others, so days
// that may lie past 9999 are compared by their numbers.

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** The first and the last day that an order may have. */
export const FIRST_DAY = '1970-01-01';
export const LAST_DAY = '9999-12-31';

/** Where a period ends that has the last day in it and its own end not. */
export const END_OF_DAYS = '10000-01-01';

/** What days are put together to. */
export type Span = 'day' | 'week' | 'month' | 'year';

/** Whether the text is an existing day of the years 1970 to 9999, as `2025-11-12`. */
export function isDay(text: string): boolean {
  // 2025-02-30 would be 2025-03-02.
  return DAY.test(text) && text >= FIRST_DAY && dayText(dayNumber(text)) === text;
}

/**
 * Whether the text is a day, or the one after the last, at which a period may end that has not its
 * end.
 */
export function isEndOfPeriod(text: string): boolean {
  return isDay(text) || text === END_OF_DAYS;
}

/** How many days lie between 1970-01-01 and `day`: what days are compared and counted by. */
export function dayNumber(day: string): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return Date.UTC(year, month - 1, date) / DAY_MS;
}

/** The day of a number, as `2025-11-12`; the first after 9999 is `10000-01-01`. */
export function dayText(number: number): string {
  const instant = new Date(number * DAY_MS).toISOString();
  return instant.replace(/^\+0/, '').replace(/T.*/, ''); // +010000-01-01T…
}

/** The day of an instant in milliseconds since the epoch. */
export function dayOf(instantMs: number): string {
  return dayText(Math.floor(instantMs / DAY_MS));
}

/** The day that lies `count` days after `day`; a negative count goes back. */
export function addDays(day: string, count: number): string {
  return dayText(dayNumber(day) + count);
}

/** The earlier of two days. */
export function earlierDay(one: string, other: string): string {
  return dayNumber(one) < dayNumber(other) ? one : other;
}

/** The number of the first day of the span that a day lies in; an ISO week's is its Monday. */
export function startOf(day: number, span: Span): number {
  if (span === 'day') return day;
  if (span === 'week') return 7 * Math.floor((day + 3) / 7) - 3; // 1970-01-01 was a Thursday
  const text = dayText(day);
  return dayNumber(span === 'month' ? `${text.slice(0, -3)}-01` : `${text.slice(0, -6)}-01-01`);
}

/** The number of the first day after the span that a day lies in. */
export function startAfter(day: number, span: Span): number {
  const start = startOf(day, span);
  if (span === 'day' || span === 'week') return start + (span === 'day' ? 1 : 7);
  // No span is longer, nor are two shorter.
  return startOf(start + (span === 'month' ? 31 : 366), span);
}

/** The first and the last day of a year, a month or a day: `2025`, `2025-11` or `2025-11-12`. */
export function boundsOf(part: string): [first: string, last: string] {
  const span = ({ 4: 'year', 7: 'month' } as const)[part.length] ?? 'day';
  const first = `${part}${'-01-01'.slice(part.length - 4)}`;
  return [first, dayText(startAfter(dayNumber(first), span) - 1)];
}
