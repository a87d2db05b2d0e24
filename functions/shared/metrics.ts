import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS, type MetricDimension, type MetricName } from './metric-names.ts';

/** Its namespace and service are variables of the function. */
const metrics = new Metrics();

/**
 * Emits figures in CloudWatch's embedded metric format: at once, as one line of the log, so that
 * nothing is kept between requests and nothing is lost when one fails.
 */
export function emit(
  figures: Readonly<Partial<Record<MetricName, number>>>,
  dimensions: Readonly<Partial<Record<MetricDimension, string>>> = {},
): void {
  for (const [name, value] of Object.entries(dimensions)) metrics.addDimension(name, value);
  for (const [name, value] of Object.entries(figures)) {
    const unit = name === METRICS.revenue ? MetricUnit.NoUnit : MetricUnit.Count;
    metrics.addMetric(name, unit, value);
  }
  metrics.publishStoredMetrics();
}
