const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;
const FIRST_MS = Date.UTC(1970, 0, 1);
const END_MS = Date.UTC(10_000, 0, 1);
const MINUTE_MS = 60_000;

/**
 * The instant in UTC as `2025-11-12T10:00:00.000000Z`, or `undefined` when the text is no RFC 3339
 * date-time with an offset, names no real date or time (leap seconds included), or lies outside the
 * years 1970 to 9999 in UTC. Digits beyond microseconds are cut off, so that no instant moves into
 * the next day.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function canonicalInstant(text: string): string | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as SixNumbers;
  const offset = [Number(match[9] ?? 0), Number(match[10] ?? 0)] as const;
  if (year < 1969 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return undefined;
  }
  if (hour > 23 || minute > 59 || second > 59 || offset[0] > 23 || offset[1] > 59) return undefined;

  const offsetMs = (offset[0] * 60 + offset[1]) * MINUTE_MS * (match[8] === '-' ? -1 : 1);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) - offsetMs;
  if (ms < FIRST_MS || ms >= END_MS) return undefined;
  const micros = (match[7] ?? '').slice(0, 6).padEnd(6, '0');
  return `${new Date(ms).toISOString().slice(0, 19)}.${micros}Z`;
}

type SixNumbers = [number, number, number, number, number, number];

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
