import { DataApiError } from '../errors.ts';

// PostgreSQL writes `2024-03-01 12:30:00.5`, with ` BC` at the end of the years before 1.

/** `YYYY-MM-DD`. */
export function dateText(text: string): string {
  refuseInfinity(text);
  if (!ISO_DATE.test(text)) throw new NotIsoError(text);
  return text;
}

const ISO_DATE = /^\d{4,}-\d\d-\d\d( BC)?$/;

/** `HH:MM:SS`, with a fraction of 3 or 6 digits where one is needed. */
export function timeText(text: string): string {
  const [time = '', digits = ''] = text.split('.');
  if (digits === '') return time;
  return `${time}.${digits.padEnd(digits.length > 3 ? 6 : 3, '0')}`;
}

/** `YYYY-MM-DD HH:MM:SS`, with a fraction like a time's. */
export function timestampText(text: string): string {
  refuseInfinity(text);
  const [, rest, era = ''] = ISO_TIMESTAMP.exec(text) ?? [];
  if (rest === undefined) throw new NotIsoError(text);
  return timeText(rest) + era;
}

const ISO_TIMESTAMP = /^(\d{4,}-\d\d-\d\d [\d:.]+)( BC)?$/;

/** The same in UTC and without an offset, whatever offset the session's TimeZone gave the text. */
export function timestamptzText(text: string): string {
  refuseInfinity(text);
  const match = TIMESTAMPTZ.exec(text);
  if (!match?.groups) throw new NotIsoError(text);
  const {
    local = '',
    fraction = '',
    sign,
    hours,
    minutes = '0',
    seconds = '0',
    era = '',
  } = match.groups;
  const offsetS = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (offsetS === 0) return timeText(local + fraction) + era;
  if (era) throw new Error(`An instant before the year 1 needs the time zone UTC: ${text}`);
  return timeText(shifted(local, sign === '-' ? offsetS : -offsetS) + fraction);
}

const TIMESTAMPTZ =
  /^(?<local>[\d-]+ [\d:]+)(?<fraction>\.\d+)?(?<sign>[+-])(?<hours>\d+)(?::(?<minutes>\d+))?(?::(?<seconds>\d+))?(?<era> BC)?$/;

function shifted(local: string, seconds: number): string {
  const [, year = '', rest = ''] = /^(\d+)-(.*)$/.exec(local) ?? [];
  const instant = Date.parse(`+${year.padStart(6, '0')}-${rest.replace(' ', 'T')}Z`);
  const iso = new Date(instant + seconds * 1000).toISOString();
  return iso
    .replace(/^\+0*(?=\d{4})/, '')
    .slice(0, -'.000Z'.length)
    .replace('T', ' ');
}

/** AWS answers `infinity` with a failure that says nothing. */
function refuseInfinity(text: string): void {
  if (text.endsWith('infinity')) throw new DataApiError('InternalFailure');
}

/** A client set its session's DateStyle, which the real service, reading binary, would not see. */
class NotIsoError extends Error {
  override readonly name = 'NotIsoError';

  constructor(text: string) {
    super(`PostgreSQL wrote ${text}: the stand-in reads dates only with DateStyle ISO.`);
  }
}
