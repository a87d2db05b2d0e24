import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dayNumber, isDay, isEndOfPeriod } from '../../db/days.ts';
import { UsageError } from '../usage-error.ts';

export interface NightlyOptions {
  readonly from: string;
  /** The first day that is no longer computed. */
  readonly to: string;
  readonly dataDir: string;
}

export const USAGE = `npm run nightly -- --from 2025-01-01 --to 2025-02-01 [--data .local]

  --from DAY  the first UTC day to compute from its orders
  --to DAY    the first day that is not computed any more
  --data DIR  the folder of the npm start that runs, or is to run for it (default .local)
  --help      this text`;

/** @throws {UsageError} when an option or its value does not fit */
export function parseNightlyOptions(args: readonly string[]): NightlyOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const from = dayFrom('from', values.from, isDay);
  const to = dayFrom('to', values.to, isEndOfPeriod);
  if (dayNumber(from) >= dayNumber(to))
    throw new UsageError('--to must be after --from: the day of --to is not computed.');
  if (values.data === '') throw new UsageError('--data needs the name of a folder.');
  return { from, to, dataDir: resolve(values.data ?? '.local') };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence] = (cause as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence}; npm run nightly -- --help shows the options.`, { cause });
  }
}

function dayFrom(name: string, text: string | undefined, fits: (text: string) => boolean): string {
  if (text === undefined) {
    throw new UsageError(`--${name} is missing; npm run nightly -- --help shows the options.`);
  }
  if (!fits(text)) {
    throw new UsageError(`--${name} ${text}: it must be an existing day such as 2025-11-12.`);
  }
  return text;
}
