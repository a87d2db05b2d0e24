import { setTimeout as delay } from 'node:timers/promises';
import { ProgressLine } from '../../../client/src/command/progress.ts';
import { forPeople } from '../../for-people.ts';
import { STOPPED } from '../../run-command.ts';
import { ServiceError } from '../../service-error.ts';
import type { Target } from '../../target/target.ts';
import type { ExportArguments } from './arguments.ts';
import { ExportStoppedError, exportAll, findByNow } from './export.ts';
import { openOutput } from './output.ts';
import { restText, summaryText } from './texts.ts';

/**
 * Writes what is exported to stdout; how it goes to stderr, where that is a terminal, and what it
 * came to.
 */
export async function runExport(
  target: Target,
  given: ExportArguments,
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
    const isWhole = written.next === undefined && !(signal.aborted && written.orders === 0);
    if (!isWhole) {
      process.exitCode = STOPPED;
      if (written.orders > 0) console.error(restText(written, given));
      return;
    }
    const isAll = given.after === undefined && written.found.total !== undefined;
    const byNow = isAll ? await findByNow(target, given, { signal }) : {};
    console.error(summaryText(written, given, byNow));
  } catch (error) {
    line.end();
    if (!(error instanceof ExportStoppedError)) throw error;
    const reason = String(forPeople(error.cause));
    const rest = error.written.orders === 0 ? '' : `\n${restText(error.written, given)}`;
    throw new ServiceError(`${reason}${rest}`, { cause: error });
  }
}
