import { addDays, dayNumber, dayOf, isDay, isEndOfPeriod } from '../../db/days.ts';
import { readFolder } from '../option-values.ts';
import { type CommandLine, readArguments } from '../options.ts';
import { UsageError } from '../usage-error.ts';

export interface NightlyArguments {
  readonly from: string;
  /** The first day that is no longer computed. */
  readonly to: string;
  readonly dataDir: string;
}

export const NIGHTLY_LINE = {
  name: 'npm run nightly',
  options: {
    from: {
      value: 'DAY',
      help: 'the first UTC day to compute from its orders, such as 2025-01-01',
      required: true,
      read: readDay(isDay),
    },
    to: {
      value: 'DAY',
      help: 'the first day that is not computed any more',
      required: true,
      read: readDay(isEndOfPeriod),
    },
    data: {
      value: 'DIR',
      help: 'the folder of the npm start that runs, or is to run for it',
      default: '.local',
      read: readFolder,
    },
  },
} as const satisfies CommandLine;

/**
 * @param today the UTC day that has not ended
 * @throws {UsageError} when an option or its value does not fit
 */
export function readNightlyArguments(
  args: readonly string[],
  today = dayOf(Date.now()),
): NightlyArguments | 'help' {
  const given = readArguments(NIGHTLY_LINE, args);
  if (given === 'help') return given;
  const { from, to, data } = given.options;
  if (dayNumber(from) >= dayNumber(to))
    throw new UsageError('--to must be after --from: the day of --to is not computed.');
  const tomorrow = addDays(today, 1);
  if (dayNumber(to) > dayNumber(tomorrow)) {
    throw new UsageError(
      `--to ${to}: days of the future cannot be computed; it may be ${tomorrow} at most, the day after today (UTC).`,
    );
  }
  return { from, to, dataDir: data };
}

function readDay(fits: (text: string) => boolean) {
  return (text: string, option: string): string => {
    if (fits(text)) return text;
    throw new UsageError(`--${option} ${text}: it must be an existing day such as 2025-11-12.`);
  };
}
