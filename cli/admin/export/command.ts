import { setTimeout as delay } from 'node:timers/promises';
import { ProgressLine } from '../../../client/src/command/progress.ts';
import { forPeople } from '../../for-people.ts';
import { STOPPED } from '../../run-command.ts';
import { ServiceError } from '../../service-error.ts';
import type { Target, TargetChoice } from '../../target/target.ts';
import type { ExportArguments } from './arguments.ts';
import { ExportStoppedError, exportAll, findByNow, type Written } from './export.ts';
import { openOutput } from './output.ts';
import { restText, summaryText } from './texts.ts';

/**
 * Writes what is exported to stdout; how it goes to stderr, where that is a terminal, and what it
 * came to.
 *
 * @param of what chose the target, to choose it again for the rest
 */
export async function runExport(
  target: Target,
  given: ExportArguments,
  of: TargetChoice,
  signal: AbortSignal,
): Promise<void> {
  const write = openOutput();
  const line = new ProgressLine(process.stderr);
  const startedAt = performance.now();
  try {
    const written = await exportAll(target, given, {
      write,
      signal,
      wait: async (ms) => {
        await delay(ms, undefined, { signal }).catch(() => {});
      },
      report: ({ orders, found }) => {
        const fraction = found.orders ? Math.min(1, orders / found.orders) : undefined;
        const elapsedMs = performance.now() - startedAt;
        if (process.stderr.isTTY) line.show({ fraction, orders, elapsedMs });
      },
    });
    line.end();
    const isWhole = written.next === undefined && !(signal.aborted && !isBegun(written));
    if (!isWhole) {
      process.exitCode = STOPPED;
      console.error(isBegun(written) ? restText(written, given, of) : NOTHING_WRITTEN);
      return;
    }
    const isAll = given.after === undefined && written.found.total !== undefined;
    const byNow = isAll ? await findByNow(target, given, { signal }) : {};
    console.error(summaryText(written, given, byNow));
  } catch (error) {
    line.end();
    if (!(error instanceof ExportStoppedError)) throw error;
    const reason = String(forPeople(error.cause));
    const { written } = error;
    const rest = isBegun(written) ? `\n${restText(written, given, of)}` : '';
    throw new ServiceError(`${reason}${rest}`, { cause: error });
  }
}

const NOTHING_WRITTEN = 'Stopped before the first order; nothing was written.';

/** An answer may have items alone, of an order that was begun before. */
const isBegun = ({ orders, rows }: Written) => orders > 0 || rows > 0;
