import type { RunCounts } from '../../db/stats/nightly-runs.ts';
import { logger } from '../shared/logger.ts';
import type { Task } from './input.ts';
import { emitRun } from './metrics.ts';
import { type Progress, totals } from './progress.ts';

/** How many examples a line has of a kind. */
const EXAMPLES = 10;

/**
 * A run's one line in the log, and its metrics.
 *
 * @param run `counts` is absent where they could not be asked for, `error` where it has not failed
 */
export function report(
  message: string,
  {
    runId,
    task,
    progress,
    counts,
    error,
  }: {
    readonly runId: string;
    readonly task: Task;
    readonly progress: Progress;
    readonly counts: RunCounts | undefined;
    readonly error?: unknown;
  },
): void {
  const { next, left, versionsPruned, refusalsPruned } = progress;
  const hasFailed = error !== undefined;
  const night = task.kind === 'night' && !hasFailed ? progress.days[0] : undefined;
  emitRun({ counts, night, hasFailed, partsLeft: left.length });
  const drifted = [...progress.days, ...progress.sample].filter((day) => day.drift_found > 0);
  const { damaged_examples } = progress.items;
  const isWrong = counts && counts.drift_found + counts.orders_damaged > 0;
  const level = hasFailed || left.length > 0 ? 'error' : isWrong ? 'warn' : 'info';
  logger[level](message, {
    run: runId,
    ...task,
    ...totals(progress),
    ...counts,
    ...(next && { next }),
    ...(versionsPruned > 0 && { versions_pruned: versionsPruned }),
    ...(refusalsPruned > 0 && { refusals_pruned: refusalsPruned }),
    ...(drifted.length > 0 && {
      drift: drifted.slice(0, EXAMPLES).map(({ day, drift_found, drift_examples }) => ({
        day,
        drift_found,
        examples: JSON.parse(drift_examples),
      })),
    }),
    ...(damaged_examples.length > 0 && { damaged: damaged_examples }),
    ...(left.length > 0 && { parts_left: left.length, left: left.slice(0, EXAMPLES) }),
    ...(hasFailed && { error }),
  });
}
