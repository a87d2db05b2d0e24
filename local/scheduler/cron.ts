// `cron(minutes hours day-of-month month day-of-week year)`, as EventBridge Scheduler reads it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based

/** A day of the calendar; the month is from 1. */
export interface CalendarDay {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface Cron {
  /** From 0, in order. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  matchesDay(day: CalendarDay): boolean;
}

/** @throws when the text is no expression that EventBridge Scheduler would take */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = parts;
  if (parts.length !== 6 || !minutes || !hours || !dayOfMonth || !month || !dayOfWeek || !year) {
    throw new Error('it needs six fields');
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error('one of day-of-month and day-of-week must be ?, and the other not');
  }
  const months = listOf(month, FIELDS.month);
  const years = listOf(year, FIELDS.year);
  const isDay = dayOfWeek === '?' ? daysOfMonth(dayOfMonth) : daysOfWeek(dayOfWeek);
  return {
    minutes: [...listOf(minutes, FIELDS.minute)].sort((a, b) => a - b),
    hours: [...listOf(hours, FIELDS.hour)].sort((a, b) => a - b),
    matchesDay: (day) => months.has(day.month) && years.has(day.year) && isDay(day),
  };
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
}

const FIELDS = {
  minute: { name: 'minutes', min: 0, max: 59 },
  hour: { name: 'hours', min: 0, max: 23 },
  dayOfMonth: { name: 'day-of-month', min: 1, max: 31 },
  month: {
    name: 'month',
    min: 1,
    max: 12,
    names: 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' '),
  },
  dayOfWeek: {
    name: 'day-of-week',
    min: 1,
    max: 7,
    names: 'SUN MON TUE WED THU FRI SAT'.split(' '),
  },
  year: { name: 'year', min: 1970, max: 2199 },
} as const satisfies Record<string, Field>;

/** `*`, `5`, `MON-FRI`, `0/15`, `1-10/3`, and lists of them. */
function listOf(text: string, field: Field): Set<number> {
  const values = new Set<number>();
  for (const member of text.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(member) ?? [];
    const [first, last] = rangeOf(range, field, step !== undefined);
    if (step === '0') throw new Error(`${field.name} has a step of 0`);
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function rangeOf(text: string, field: Field, stepped: boolean): [number, number] {
  if (text === '*') return [field.min, field.max];
  const [first = '', last = stepped ? String(field.max) : first] = text.split(/-(.*)/);
  const range: [number, number] = [toValue(first, field), toValue(last, field)];
  if (range[0] > range[1]) throw new Error(`${field.name} does not know ${text}`);
  return range;
}

function toValue(text: string, { name, min, max, names }: Field): number {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`${name} does not know ${text}`);
}

type DayTest = (day: CalendarDay) => boolean;

/**
 * Lists, and `L` the last day, `15W` the working day nearest to the 15th,
 * `LW` the last working day.
 */
function daysOfMonth(text: string): DayTest {
  if (text === 'L') return (day) => day.day === lastDay(day);
  if (text === 'LW') return (day) => day.day === nearestWorkingDay(day, lastDay(day));
  const [, near] = /^(\d+)W$/.exec(text) ?? [];
  if (near !== undefined) {
    const wanted = toValue(near, FIELDS.dayOfMonth);
    return (day) => wanted <= lastDay(day) && day.day === nearestWorkingDay(day, wanted);
  }
  const days = listOf(text, FIELDS.dayOfMonth);
  return (day) => days.has(day.day);
}

/** Lists, and `6L` the month's last Friday, `6#3` its third, `L` every Saturday. */
function daysOfWeek(text: string): DayTest {
  const [, last] = /^(\w*)L$/.exec(text) ?? [];
  if (last !== undefined) {
    const wanted = last === '' ? FIELDS.dayOfWeek.max : toValue(last, FIELDS.dayOfWeek);
    const inLastWeek = (day: CalendarDay) => last === '' || day.day + 7 > lastDay(day);
    return (day) => weekday(day) === wanted && inLastWeek(day);
  }
  const [, nth, count] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) {
    const wanted = toValue(nth, FIELDS.dayOfWeek);
    return (day) => weekday(day) === wanted && Math.ceil(day.day / 7) === Number(count);
  }
  const days = listOf(text, FIELDS.dayOfWeek);
  return (day) => days.has(weekday(day));
}

/** Sunday is 1. */
function weekday({ year, month, day }: CalendarDay): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function lastDay({ year, month }: CalendarDay): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The nearest day from Monday to Friday, in the same month. */
function nearestWorkingDay(month: CalendarDay, day: number): number {
  const at = weekday({ ...month, day });
  if (at === 7) return day > 1 ? day - 1 : day + 2;
  if (at === 1) return day < lastDay(month) ? day + 1 : day - 2;
  return day;
}
