import type { RunCounts } from '../../db/stats/nightly-runs.ts';
import { METRICS } from '../shared/metric-names.ts';
import { emit } from '../shared/metrics.ts';
import type { ComputedDay } from './progress.ts';

/** What there is to tell of a run that has ended. */
export interface RunFigures {
  /** What it found; absent where that could not be recorded, as the next run then counts it. */
  readonly counts?: RunCounts | undefined;
  /** The day of a scheduled run that succeeded. */
  readonly night?: ComputedDay | undefined;
  readonly hasFailed: boolean;
  /** How many parts failed that can wait for another night. */
  readonly partsLeft: number;
}

/** Emits a run's figures. */
export function emitRun({ counts, night, hasFailed, partsLeft }: RunFigures): void {
  emit({
    [METRICS.failedRuns]: hasFailed ? 1 : 0,
    [METRICS.partsLeft]: partsLeft,
    ...(counts && {
      [METRICS.driftFound]: counts.drift_found,
      [METRICS.driftRepaired]: counts.drift_repaired,
      [METRICS.ordersDamaged]: counts.orders_damaged,
    }),
    ...(night && {
      [METRICS.successfulNights]: 1,
      [METRICS.orders]: night.orders_count,
      // CloudWatch keeps doubles: this is for a graph, the exact figure is in the
      // roll-up and the event.
      [METRICS.revenue]: Number(night.total_revenue),
      [METRICS.sellers]: night.sellers_count,
    }),
  });
}
