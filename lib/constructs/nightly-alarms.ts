import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { METRICS } from '../../functions/nightly/metric-names.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

const HOUR = Duration.hours(1);

/**
 * More than none in one of the last 24 hours, so that a nightly run's alarm is still
 * there in the morning.
 */
const FOUND_LAST_NIGHT = {
  threshold: 0,
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: 24,
  datapointsToAlarm: 1,
  treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
};

export interface NightlyAlarmsProps {
  /** Under which the function emits its metrics, with its service as their dimension. */
  readonly namespace: string;
  readonly serviceName: string;
  readonly deadLetters: DeadLetterQueue;
  /** @default nobody is mailed */
  readonly email?: string;
}

/**
 * Says when a nightly run is missing, when the roll-up or an order's items were wrong,
 * and when a dead letter waits. What to do then is in docs/operations.md, under the alarm's name.
 */
export class NightlyAlarms extends Construct {
  readonly topic: sns.Topic;
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: NightlyAlarmsProps) {
    super(scope, id);
    this.topic = this.#createTopic(props.email);
    const metric = (metricName: string) =>
      new cloudwatch.Metric({
        namespace: props.namespace,
        metricName,
        dimensionsMap: { service: props.serviceName },
        statistic: cloudwatch.Stats.SUM,
        period: HOUR,
      });
    this.alarms = [
      this.#alarm('NightMissing', {
        alarmDescription:
          'No nightly run has succeeded for 26 hours. See docs/operations.md, NightMissing.',
        metric: metric(METRICS.successfulNights),
        threshold: 1,
        comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
        // Every one of the last 26 hours: an hour without a run has no data, and breaches.
        evaluationPeriods: 26,
        treatMissingData: cloudwatch.TreatMissingData.BREACHING,
      }),
      this.#alarm('Drift', {
        alarmDescription:
          'The roll-up differed from the orders and was repaired. See docs/operations.md, Drift.',
        metric: metric(METRICS.driftFound),
        ...FOUND_LAST_NIGHT,
      }),
      this.#alarm('OrdersDamaged', {
        alarmDescription:
          'Orders have other items than were uploaded. See docs/operations.md, OrdersDamaged.',
        metric: metric(METRICS.ordersDamaged),
        ...FOUND_LAST_NIGHT,
      }),
      this.#alarm('DeadLetter', {
        alarmDescription:
          'A nightly run failed until nobody tried again. See docs/operations.md, DeadLetter.',
        metric: props.deadLetters.queue.metricApproximateNumberOfMessagesVisible({
          period: Duration.minutes(5),
          statistic: cloudwatch.Stats.MAXIMUM,
        }),
        threshold: 0,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      }),
    ];
  }

  #alarm(id: string, props: cloudwatch.AlarmProps): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, id, props);
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    return alarm;
  }

  #createTopic(email: string | undefined): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', { enforceSSL: true });
    // A topic with a policy of its own lets in only whom the policy names.
    topic.grantPublish(
      new iam.ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
