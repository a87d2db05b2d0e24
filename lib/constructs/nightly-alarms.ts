import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { METRICS, type MetricName } from '../../functions/shared/metric-names.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { emittedMetric } from './emitted-metric.ts';

/**
 * More than none in one of the last 24 hours, so that a nightly run's alarm is still
 * there in the morning.
 */
const FOUND_LAST_NIGHT = {
  threshold: 0,
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: 24,
  datapointsToAlarm: 1,
};

/**
 * Says when a nightly run is missing or has left something out, when the roll-up or an order's
 * items were wrong, and when a dead letter waits.
 */
export function addNightlyAlarms(
  scope: Construct,
  alarms: AlarmTopic,
  deadLetters: DeadLetterQueue,
): void {
  const hourly = (name: MetricName) =>
    emittedMetric(scope, { service: 'nightly', name, period: Duration.hours(1) });

  alarms.addAlarm(scope, 'NightMissing', {
    means: 'No nightly run has succeeded for 26 hours.',
    metric: hourly(METRICS.successfulNights),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    // Every one of the last 26 hours: an hour without a run has no data, and breaches.
    evaluationPeriods: 26,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
  alarms.addAlarm(scope, 'Drift', {
    means: 'The roll-up differed from the orders and was repaired.',
    metric: hourly(METRICS.driftFound),
    ...FOUND_LAST_NIGHT,
  });
  alarms.addAlarm(scope, 'OrdersDamaged', {
    means: 'Orders have other items than were uploaded.',
    metric: hourly(METRICS.ordersDamaged),
    ...FOUND_LAST_NIGHT,
  });
  alarms.addAlarm(scope, 'PartsLeft', {
    means: 'A nightly run has left to another night what it failed at.',
    metric: hourly(METRICS.partsLeft),
    ...FOUND_LAST_NIGHT,
  });
  alarms.addAlarm(scope, 'DeadLetter', {
    means: 'A nightly run failed until nobody tried again.',
    metric: deadLetters.queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: cloudwatch.Stats.MAXIMUM,
    }),
    threshold: 0,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
  });
}
