const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;

/** Whether the text is an existing day of the years 1970 to 9999, as `2025-11-12`. */
export function isDay(text: string): boolean {
  if (!DAY.test(text) || text < '1970') return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text); // 2025-02-30 parses, too
}

/** How many days lie between 1970-01-01 and `day`: what days are compared and counted by. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** The day of a number, as `2025-11-12`; the first after 9999 is `10000-01-01`. */
export function dayText(number: number): string {
  const instant = new Date(number * DAY_MS).toISOString();
  return instant[0] === '+' ? instant.slice(2, 13) : instant.slice(0, 10); // +010000-01-01T…
}

/** The day that lies `count` days after `day`; a negative count goes back. */
export function addDays(day: string, count: number): string {
  return dayText(dayNumber(day) + count);
}
