import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RunCounts } from '../../db/stats/nightly-runs.ts';
import { METRICS } from './metric-names.ts';
import type { ComputedDay } from './run.ts';

const metrics = new Metrics();

/** Emits what a run found in CloudWatch's embedded metric format: one line of the log. */
export function emitFindings({ drift_found, drift_repaired, orders_damaged }: RunCounts): void {
  metrics.addMetric(METRICS.driftFound, MetricUnit.Count, drift_found);
  metrics.addMetric(METRICS.driftRepaired, MetricUnit.Count, drift_repaired);
  metrics.addMetric(METRICS.ordersDamaged, MetricUnit.Count, orders_damaged);
}

/** Emits that a scheduled run succeeded, with its day's totals. */
export function emitSuccess(day: ComputedDay): void {
  metrics.addMetric(METRICS.successfulNights, MetricUnit.Count, 1);
  metrics.addMetric(METRICS.orders, MetricUnit.Count, day.orders_count);
  // CloudWatch keeps doubles: this is for a graph, the exact figure is in the
  // roll-up and the event.
  metrics.addMetric(METRICS.revenue, MetricUnit.NoUnit, Number(day.total_revenue));
  metrics.addMetric(METRICS.sellers, MetricUnit.Count, day.sellers_count);
}

export function publishMetrics(): void {
  metrics.publishStoredMetrics();
}
