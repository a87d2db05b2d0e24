import { InputError } from './input-error.ts';

/** How a CSV file writes amounts and times; nothing of it is guessed. */
export interface ValueRules {
  /** `1 234,50` is 1234.50. */
  readonly decimalComma: boolean;
  /** Such as `DD.MM.YYYY HH:mm`. @default ISO 8601 */
  readonly dateFormat: string | undefined;
  /** Of times without an offset: `Europe/Moscow`, `UTC`, `+03:00`. @default they are refused */
  readonly timeZone: string | undefined;
}

/**
 * Digits in groups of three, all told apart by the same sign, and none of 0: `0.500` is no number
 * of thousands. A single point says nothing without a comma: `1.000` may be 1.
 */
const COMMA_AMOUNTS = [
  /^\d+(?:,\d+)?$/,
  /^[1-9]\d{0,2}([ \u00a0\u202f])\d{3}(?:\1\d{3})*(?:,\d+)?$/,
  /^[1-9]\d{0,2}(?:\.\d{3})+,\d+$/,
  /^[1-9]\d{0,2}(?:\.\d{3}){2,}$/,
];

/** Decimal text; `undefined` where a value is none as the rules have it, or may be several. */
export function readAmount(value: string, { decimalComma }: ValueRules): string | undefined {
  const text = value.trim();
  if (!decimalComma) return /^-?\d+(?:\.\d+)?$/.test(text) ? text : undefined;
  const size = text.replace(/^[-−]/, '');
  if (!COMMA_AMOUNTS.some((form) => form.test(size))) return undefined;
  const decimal = size.replaceAll(/[ .\u00a0\u202f]/g, '').replace(',', '.');
  return size === text ? decimal : `-${decimal}`;
}

/** For people: how a value that is no amount has to be written. */
export function amountForm(value: string, { decimalComma }: ValueRules): string {
  if (!decimalComma) return 'must be an amount of cents as 1234.50; --decimal-comma reads 1 234,50';
  if (!value.includes('.')) return 'must be an amount of cents as 1 234,50';
  return 'a point may be of thousands or of a fraction: with --decimal-comma, which --preset 1c has, write 1234,50 or 1.234,50';
}

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?(Z|UTC|[-+]\d\d:?\d\d)?$/;

type Local = readonly [year: number, month: number, day: number, h: number, m: number, s: number];

/** Reads times of one form as RFC 3339 with an offset; `undefined` where one is not of the form. */
export function timeReader({
  dateFormat,
  timeZone,
}: ValueRules): (value: string) => string | undefined {
  const offsetOf = timeZone === undefined ? undefined : localOffsets(timeZone);
  const written = dateFormat === undefined ? undefined : formatReader(dateFormat);
  const inZone = (local: Local, fraction = '') => {
    const offset = offsetOf?.(utcOf(local));
    return offset === undefined ? undefined : `${shown(local)}${fraction}${offsetText(offset)}`;
  };
  return (value) => {
    const text = value.trim();
    if (written) {
      const local = written(text);
      return local && inZone(local);
    }
    const match = ISO.exec(text);
    if (!match) return undefined;
    const [, year, month, day, h = 0, m = 0, s = 0, digits, zone] = match;
    const local = [year, month, day, h, m, s].map(Number) as unknown as Local;
    const fraction = digits === undefined ? '' : `.${digits}`;
    if (zone === undefined) return inZone(local, fraction);
    const offset = zone === 'UTC' ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
    return `${shown(local)}${fraction}${offset}`;
  };
}

const TOKENS: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  MM: '(?<month>\\d\\d?)',
  DD: '(?<day>\\d\\d?)',
  HH: '(?<hour>\\d\\d?)',
  hh: '(?<hour>\\d\\d?)',
  mm: '(?<minute>\\d\\d)',
  ss: '(?<second>\\d\\d)',
  A: '(?<half>[AaPp])\\.?[Mm]\\.?',
};

const FORM_PARTS =
  'it is made of YYYY, MM (the month), DD, HH (or hh and A), mm (the minutes) and ss';

/** @throws {InputError} of a form that does not say which day, or says something twice */
function formatReader(format: string): (text: string) => Local | undefined {
  const pattern = format.replaceAll(
    /YYYY|MM|DD|HH|hh|mm|ss|A|[^\w\s]|\s+/g,
    (token) => TOKENS[token] ?? (/\s/.test(token) ? '\\s+' : `\\${token}`),
  );
  const parts = [...pattern.matchAll(/<(\w+)>/g)].map(([, part = '']) => part);
  if (!['year', 'month', 'day'].every((part) => parts.includes(part))) {
    throw new InputError(`--date-format ${format} says no day: ${FORM_PARTS}.`);
  }
  const twice = parts.find((part, i) => parts.indexOf(part) < i);
  if (twice) {
    throw new InputError(`--date-format ${format} has the ${twice} twice: ${FORM_PARTS}.`);
  }
  const regex = new RegExp(`^${pattern}$`);
  return (text) => {
    const groups = regex.exec(text)?.groups;
    if (!groups) return undefined;
    const { year, month, day, hour = '0', minute = '0', second = '0', half } = groups;
    const hours = half ? (Number(hour) % 12) + (/p/i.test(half) ? 12 : 0) : Number(hour);
    return [Number(year), Number(month), Number(day), hours, Number(minute), Number(second)];
  };
}

const shown = ([year, month, day, h, m, s]: Local) => {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(h)}:${two(m)}:${two(s)}`;
};

const utcOf = ([year, month, day, h, m, s]: Local) => Date.UTC(year, month - 1, day, h, m, s);

const MINUTE_MS = 60_000;

function offsetText(minutes: number): string {
  const of = Math.abs(minutes);
  const [h, m] = [Math.floor(of / 60), of % 60].map((n) => String(n).padStart(2, '0'));
  return `${minutes < 0 ? '-' : '+'}${h}:${m}`;
}

/**
 * By how many minutes a zone is ahead of UTC at a local time, given as if it were UTC. Of an hour
 * that comes twice it is the first; one that a change of clocks leaves out has none.
 */
function localOffsets(zone: string): (localMs: number) => number | undefined {
  const fixed = /^([-+])(\d\d):?(\d\d)$/.exec(zone);
  if (fixed) {
    const minutes = Number(`${fixed[1]}1`) * (Number(fixed[2]) * 60 + Number(fixed[3]));
    return () => minutes;
  }
  const offsetAt = zoneOffsets(zone);
  const DAY_MS = 1_440 * MINUTE_MS;
  return (localMs) => {
    const [before, after] = [offsetAt(localMs - DAY_MS), offsetAt(localMs + DAY_MS)];
    return [before, after].find((one) => offsetAt(localMs - one * MINUTE_MS) === one);
  };
}

const HOUR_MS = 60 * MINUTE_MS;
const QUARTER_MS = HOUR_MS / 4;
const MAX_REMEMBERED = 10_000;

/** The offset at an instant, in minutes; changes of clocks come at a quarter of an hour. */
function zoneOffsets(timeZone: string): (utcMs: number) => number {
  const format = zoneFormat(timeZone);
  const remembered = new Map<number, number>();
  return (utcMs) => {
    const quarter = Math.floor(utcMs / QUARTER_MS);
    const known = remembered.get(quarter);
    if (known !== undefined) return known;
    const parts = format.formatToParts(quarter * QUARTER_MS);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', h = '0', m = '0'] = /([-+])(\d\d):(\d\d)/.exec(name) ?? [];
    const minutes = Number(`${sign}1`) * (Number(h) * 60 + Number(m));
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(quarter, minutes);
    return minutes;
  };
}

/** @throws {InputError} when there is no such zone */
function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    throw new InputError(`--time-zone ${timeZone} is none: say Europe/Berlin, UTC or +03:00.`);
  }
}
