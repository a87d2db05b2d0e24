import type { CalendarDay } from './cron.ts';

export interface LocalTime extends CalendarDay {
  readonly hour: number;
  readonly minute: number;
}

/** Turns instants into a time zone's wall clock and back. */
export interface Zone {
  timeAt(ms: number): LocalTime;
  /**
   * When a wall clock shows a time: `undefined` where it is put forward past it,
   * the first time where it is put back and shows it twice.
   */
  instantOf(time: LocalTime): number | undefined;
}

const DAY_MS = 86_400_000;

/** @throws {RangeError} when there is no such time zone */
export function timeZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });

  function timeAt(ms: number): LocalTime {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN;
    return {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
    };
  }

  const offsetAt = (ms: number) => asUtc(timeAt(ms)) - Math.floor(ms / 60_000) * 60_000;

  return {
    timeAt,
    instantOf(time) {
      const wanted = asUtc(time);
      const offsets = new Set([wanted - DAY_MS, wanted + DAY_MS].map(offsetAt));
      const instants = [...offsets].map((offset) => wanted - offset).sort((a, b) => a - b);
      return instants.find((ms) => asUtc(timeAt(ms)) === wanted);
    },
  };
}

/** The instant at which UTC shows the time. */
function asUtc({ year, month, day, hour, minute }: LocalTime): number {
  return Date.UTC(year, month - 1, day, hour, minute);
}
