import type { ListedRun } from '../../../db/admin/nightly-runs.ts';

/** The worst first. That one was unfinished is no matter once another went on to its end. */
const BY_WORSE: readonly ListedRun['status'][] = ['failed', 'abandoned', 'running', 'succeeded'];

/** What runs that went on one after the other come to: a run of all their days. */
export function together(runs: readonly ListedRun[]): ListedRun {
  const [newest, oldest] = [runs[0]!, runs.at(-1)!];
  const status = BY_WORSE.find((worse) => runs.some((run) => run.status === worse));
  const isUnfinished = runs.some(
    ({ status, last_day }, i) =>
      status === 'unfinished' && !runs.slice(0, i).some((newer) => newer.last_day >= last_day),
  );
  const sum = (of: (run: ListedRun) => number | null) =>
    runs.reduce((total, run) => total + (of(run) ?? 0), 0);
  return {
    ...newest,
    started_at: oldest.started_at,
    first_day: oldest.first_day,
    last_day: runs.reduce((last, { last_day }) => (last_day > last ? last_day : last), ''),
    status: isUnfinished ? 'unfinished' : (status ?? newest.status),
    error: null,
    duration_ms: sum((run) => run.duration_ms),
    days_checked: sum((run) => run.days_checked),
    rows_checked: sum((run) => run.rows_checked),
    drift_found: sum((run) => run.drift_found),
    drift_repaired: sum((run) => run.drift_repaired),
    orders_damaged: sum((run) => run.orders_damaged),
  };
}
