import { parseCron } from './cron.ts';
import { timeZone } from './zone.ts';

/** When a schedule is due. */
export interface Recurrence {
  /**
   * The first time after an instant, in milliseconds since the epoch;
   * `undefined` when there is none.
   */
  next(afterMs: number): number | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const UNITS_MS: Record<string, number> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: DAY_MS,
};

/**
 * Reads `cron(…)`, `rate(…)` and `at(…)` as EventBridge Scheduler does.
 * Where clocks are put forward past a time, it is left out; where they are put back, it comes once.
 *
 * @param startMs from when on a rate counts
 * @throws when EventBridge Scheduler would not take the expression or the time zone
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseExpression(expression: string, timezone: string, startMs: number): Recurrence {
  const [, kind, text = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  try {
    if (kind === 'cron') return cron(text, timezone);
    if (kind === 'rate') return rate(text, startMs);
    if (kind === 'at') return at(text, timezone);
    throw new Error('it is none of cron(…), rate(…) and at(…)');
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`The schedule ${expression} in ${timezone} cannot be read: ${why}.`, { cause });
  }
}

function cron(text: string, timezone: string): Recurrence {
  const { minutes, hours, matchesDay } = parseCron(text);
  const zone = timeZone(timezone);
  return {
    next(afterMs) {
      const { year, month, day } = zone.timeAt(afterMs);
      for (let ms = Date.UTC(year, month - 1, day); ; ms += DAY_MS) {
        const date = new Date(ms);
        const calendarDay = {
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        };
        if (calendarDay.year > 2199) return undefined;
        if (!matchesDay(calendarDay)) continue;
        const due = hours
          .flatMap((hour) => minutes.map((minute) => ({ ...calendarDay, hour, minute })))
          .map((time) => zone.instantOf(time))
          .filter((instant) => instant !== undefined && instant > afterMs);
        if (due.length > 0) return Math.min(...(due as number[]));
      }
    },
  };
}

function rate(text: string, startMs: number): Recurrence {
  const [, count, unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const periodMs = Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  if (!(periodMs > 0) || (count === '1' && plural === 's')) throw new Error('it is no rate');
  return {
    next: (afterMs) => startMs + (Math.floor((afterMs - startMs) / periodMs) + 1) * periodMs,
  };
}

function at(text: string, timezone: string): Recurrence {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (!parts) throw new Error('it is no time such as 2025-11-12T10:00:00');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const instant = timeZone(timezone).instantOf({ year, month, day, hour, minute });
  if (instant === undefined) throw new Error('there is no such time');
  const dueMs = instant + second * 1_000;
  return { next: (afterMs) => (dueMs > afterMs ? dueMs : undefined) };
}
