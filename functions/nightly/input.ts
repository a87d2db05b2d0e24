import { addDays, dayNumber, isDay, isEndOfPeriod } from '../../db/days.ts';
import { isObject } from '../shared/is-object.ts';

/** What a run is to compute: `from` is in, `to` is out. */
export interface Task {
  readonly kind: 'night' | 'backfill';
  readonly from: string;
  readonly to: string;
}

/** The function was started with something that is neither of its two inputs. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
}

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * `{"scheduled_time": "2025-11-13T00:15:00Z"}` is the scheduled run that computes
 * 2025-11-12, however late it is by now; `{"from": "2025-01-01", "to": "2025-02-01"}` is a
 * backfill of these days. None of them is in the future: a day that has not begun would be told of
 * as computed.
 *
 * @param today the UTC day that has not ended
 * @throws {InvalidInputError} when the input is anything else
 */
export function parseTask(input: unknown, today: string): Task {
  const task = readTask(input);
  if (dayNumber(task.to) > dayNumber(today) + 1) {
    throw new InvalidInputError(
      `There are days of the future in ${task.from} to ${addDays(task.to, -1)}: the last that can be computed is today, ${today} (UTC).`,
    );
  }
  return task;
}

function readTask(input: unknown): Task {
  const fields = isObject(input) ? input : {};
  const names = Object.keys(fields).sort().join();
  const { scheduled_time, from, to } = fields;
  if (names === 'scheduled_time') {
    const night = typeof scheduled_time === 'string' ? INSTANT.exec(scheduled_time)?.[1] : '';
    if (!night || !isDay(night)) {
      throw new InvalidInputError(
        'scheduled_time must be an instant such as 2025-11-13T00:15:00Z.',
      );
    }
    return { kind: 'night', from: addDays(night, -1), to: night };
  }
  if (names !== 'from,to') {
    throw new InvalidInputError('The input must be {"scheduled_time"} or {"from", "to"}.');
  }
  return { kind: 'backfill', ...parsePeriod(from, to) };
}

function parsePeriod(from: unknown, to: unknown): { from: string; to: string } {
  const period = { from: dayOf('from', from, isDay), to: dayOf('to', to, isEndOfPeriod) };
  if (dayNumber(period.from) >= dayNumber(period.to)) {
    throw new InvalidInputError('to must be after from: the day of to is not in the period.');
  }
  return period;
}

function dayOf(name: string, value: unknown, fits: (text: string) => boolean): string {
  if (typeof value === 'string' && fits(value)) return value;
  throw new InvalidInputError(`${name} must be an existing day such as 2025-11-12.`);
}
