import { type Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { MetricDimension, MetricName } from '../../functions/shared/metric-names.ts';

export interface EmittedMetricProps {
  /** The folder of the function that emits it. */
  readonly service: string;
  readonly name: MetricName;
  readonly dimensions?: Readonly<Partial<Record<MetricDimension, string>>>;
  readonly period: Duration;
  readonly label?: string;
}

/** The sum of what a function of the stack has emitted of a metric. */
export function emittedMetric(
  scope: Construct,
  { service, name, dimensions, ...props }: EmittedMetricProps,
): Metric {
  return new Metric({
    namespace: Stack.of(scope).stackName,
    metricName: name,
    dimensionsMap: { service, ...dimensions },
    statistic: Stats.SUM,
    ...props,
  });
}
