import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import { CHECK_FAILED, METRICS } from '../../functions/shared/metric-names.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { emittedMetric } from './emitted-metric.ts';

/** Where a stage's alarms begin. */
export interface AlarmLimits {
  /** Of a hundred answers, how many may be 5xx. */
  readonly serverErrorsPercent: number;
  /** How long the slowest answer of a hundred may take, in milliseconds; uploads are large. */
  readonly p99LatencyMs: number;
  /** For how long no upload may come, in whole hours. @default as long as it likes */
  readonly noUploadFor?: Duration;
}

export interface ServiceAlarmsProps {
  readonly alarmTopic: AlarmTopic;
  readonly limits: AlarmLimits;
  readonly httpApi: HttpApi;
  /** What answers requests, without what checks keys: at most ten, as many as an alarm takes. */
  readonly functions: readonly IFunction[];
  readonly authorize: IFunction;
  readonly rotateSecret: IFunction;
  readonly migrate: IFunction;
  readonly cluster: DatabaseCluster;
  readonly maxAcu: number;
}

const FIVE_MINUTES = Duration.minutes(5);

/** Something happened that never should. */
const ANY = {
  threshold: 0,
  comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  evaluationPeriods: 1,
};

/** For a quarter of an hour: what passes by itself calls nobody. */
const LASTING = { evaluationPeriods: 3 };

/** Says when sellers are answered badly, and when what the answers rest on fails. */
export class ServiceAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    this.#watchAnswers(props);
    this.#watchFunctions(props);
    this.#watchDatabase(props);
    const { noUploadFor } = props.limits;
    if (noUploadFor) addNoUploadAlarm(this, props.alarmTopic, noUploadFor);
  }

  #watchAnswers({ alarmTopic, httpApi, limits }: ServiceAlarmsProps): void {
    const { serverErrorsPercent, p99LatencyMs } = limits;
    alarmTopic.addAlarm(this, 'ServerErrors', {
      means: `More than ${serverErrorsPercent} % of all answers are 5xx.`,
      metric: new cloudwatch.MathExpression({
        // With few requests, one that fails is a large share of them.
        expression: 'IF(errors >= 5, 100 * errors / requests, 0)',
        usingMetrics: {
          errors: httpApi.metricServerError({ statistic: cloudwatch.Stats.SUM }),
          requests: httpApi.metricCount({ statistic: cloudwatch.Stats.SUM }),
        },
        label: '5xx of all answers, in percent',
        period: FIVE_MINUTES,
      }),
      threshold: serverErrorsPercent,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    alarmTopic.addAlarm(this, 'SlowAnswers', {
      means: `One answer of a hundred takes more than ${p99LatencyMs / 1_000} s, for a quarter of an hour.`,
      metric: httpApi.metricLatency({
        statistic: cloudwatch.Stats.percentile(99),
        period: FIVE_MINUTES,
      }),
      threshold: p99LatencyMs,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      ...LASTING,
    });
  }

  #watchFunctions(props: ServiceAlarmsProps): void {
    const { alarmTopic, functions, authorize, rotateSecret, migrate } = props;
    alarmTopic.addAlarm(this, 'FunctionErrors', {
      means: 'A function that answers requests crashed, or ran out of time or memory.',
      metric: sumOf('errors', functions, (fn) => fn.metricErrors()),
      ...ANY,
    });
    alarmTopic.addAlarm(this, 'Throttled', {
      means: 'Lambda refused to run functions: too many ran already.',
      metric: sumOf('throttles', [authorize, ...functions], (fn) => fn.metricThrottles()),
      ...ANY,
    });
    alarmTopic.addAlarm(this, 'AuthorizerErrors', {
      means: "Sellers' keys could not be checked, and their requests are answered 500.",
      metric: failuresOf(
        emittedMetric(this, {
          service: 'authorize',
          name: METRICS.keyChecks,
          dimensions: { outcome: CHECK_FAILED },
          period: FIVE_MINUTES,
        }),
        authorize,
      ),
      ...ANY,
      // A database that wakes up once is no reason to call somebody.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    alarmTopic.addAlarm(this, 'RotationFailed', {
      means: 'The password of a database login could not be rotated; the old one is still good.',
      metric: failuresOf(
        emittedMetric(this, {
          service: 'rotate-secret',
          name: METRICS.rotationFailures,
          period: FIVE_MINUTES,
        }),
        rotateSecret,
      ),
      ...ANY,
    });
    alarmTopic.addAlarm(this, 'MigrationFailed', {
      means: 'A migration failed, and with it the deploy; the schema is as before.',
      metric: failuresOf(
        emittedMetric(this, {
          service: 'migrate',
          name: METRICS.migrationFailures,
          period: FIVE_MINUTES,
        }),
        migrate,
      ),
      ...ANY,
    });
  }

  #watchDatabase({ alarmTopic, cluster, maxAcu }: ServiceAlarmsProps): void {
    alarmTopic.addAlarm(this, 'DatabaseAtMaximum', {
      means: `The database has had its ${maxAcu} ACU, the most that it may have, for a quarter of an hour.`,
      metric: cluster.metricServerlessDatabaseCapacity({
        statistic: cloudwatch.Stats.MAXIMUM,
        period: FIVE_MINUTES,
      }),
      threshold: maxAcu,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      ...LASTING,
    });
  }
}

/** Says when no upload has come for so many hours. */
export function addNoUploadAlarm(scope: Construct, alarms: AlarmTopic, noUploadFor: Duration) {
  alarms.addAlarm(scope, 'NoUpload', {
    means: `No upload has been stored for ${noUploadFor.toHours()} hours.`,
    metric: emittedMetric(scope, {
      service: 'upload',
      name: METRICS.uploads,
      period: Duration.hours(1),
    }),
    threshold: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: noUploadFor.toHours(), // an hour without one has no data, and breaches
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
}

/** What a function says that it failed at, and what it could not say any more. */
function failuresOf(said: cloudwatch.IMetric, fn: IFunction): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: 'SUM([said, errors])', // of an array: where one has no data the other counts
    usingMetrics: { said, errors: fn.metricErrors() },
    label: 'failures',
    period: FIVE_MINUTES,
  });
}

function sumOf(
  label: string,
  functions: readonly IFunction[],
  metricOf: (fn: IFunction) => cloudwatch.Metric,
): cloudwatch.MathExpression {
  const metrics = functions.map((fn, i) => [`m${i + 1}`, metricOf(fn)] as const);
  return new cloudwatch.MathExpression({
    expression: `SUM([${metrics.map(([name]) => name).join(', ')}])`,
    usingMetrics: Object.fromEntries(metrics),
    label,
    period: FIVE_MINUTES,
  });
}
