import { Duration, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { DatabaseCluster } from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import {
  METRICS,
  type MetricDimension,
  type MetricName,
} from '../../functions/shared/metric-names.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import { emittedMetric } from './emitted-metric.ts';
import { type GraphProps, graphRow, searched } from './graph.ts';

export interface ServiceDashboardProps {
  readonly alarmTopic: AlarmTopic;
  readonly httpApi: HttpApi;
  /** All of them, by the names that their lines get. */
  readonly functions: Readonly<Record<string, IFunction>>;
  readonly cluster: DatabaseCluster;
  readonly maxAcu: number;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const DAY = Duration.days(1);

/** The stage on one page, from what sellers see down to what it rests on. */
export class ServiceDashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;

  /** Comes after all alarms, which it shows. */
  constructor(scope: Construct, id: string, props: ServiceDashboardProps) {
    super(scope, id);
    const { stackName, region } = Stack.of(this);
    this.dashboard = new cloudwatch.Dashboard(this, 'Dashboard', {
      // An account's are in all regions: the stage may be in two of them.
      dashboardName: `${stackName}-${region}`,
      defaultInterval: Duration.hours(12),
    });
    this.dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({
        title: 'Alarms',
        alarms: [...props.alarmTopic.alarms],
        width: 24,
        height: 4,
      }),
    );
    const rows = [
      requestGraphs(props.httpApi),
      latencyGraphs(props.httpApi),
      this.#uploadGraphs(),
      this.#causeGraphs(),
      functionGraphs(props.functions),
      databaseGraphs(props),
      this.#nightGraphs(),
    ];
    for (const row of rows) this.dashboard.addWidgets(...graphRow(row));
  }

  #uploadGraphs(): GraphProps[] {
    const { uploads, ordersCreated, ordersUpdated, ordersUnchanged, ordersStale } = METRICS;
    return [
      { title: 'Uploads a minute', metrics: this.#emitted('upload', [uploads], MINUTE) },
      {
        title: 'Orders a minute',
        metrics: this.#emitted(
          'upload',
          [ordersCreated, ordersUpdated, ordersUnchanged, ordersStale],
          MINUTE,
        ),
      },
      {
        title: 'Refused requests by function and reason',
        metrics: [this.#emittedBy('reason', METRICS.refusals)],
      },
    ];
  }

  /** Why requests fail: keys, and the database. */
  #causeGraphs(): GraphProps[] {
    return [
      {
        title: 'Checks of keys by outcome',
        metrics: [this.#emittedBy('outcome', METRICS.keyChecks)],
      },
      {
        title: 'Data API: errors by reason',
        metrics: [this.#emittedBy('reason', METRICS.dataApiErrors)],
      },
      {
        title: 'Data API: retries by reason',
        metrics: [this.#emittedBy('reason', METRICS.dataApiRetries)],
      },
      {
        title: 'Answers of 500 by version',
        metrics: [this.#emittedBy('version', METRICS.bugs)],
      },
    ];
  }

  #nightGraphs(): GraphProps[] {
    const { successfulNights, failedRuns, partsLeft } = METRICS;
    const { driftFound, driftRepaired, ordersDamaged } = METRICS;
    const { rotations, rotationFailures, migrationFailures } = METRICS;
    return [
      {
        title: 'Nightly runs',
        metrics: this.#emitted('nightly', [successfulNights, failedRuns, partsLeft], DAY),
      },
      {
        title: 'Drift and damaged orders',
        metrics: this.#emitted('nightly', [driftFound, driftRepaired, ordersDamaged], DAY),
      },
      {
        title: 'Rotations and migrations',
        metrics: [
          ...this.#emitted('rotate-secret', [rotations, rotationFailures], DAY),
          ...this.#emitted('migrate', [migrationFailures], DAY),
        ],
      },
    ];
  }

  #emitted(service: string, names: readonly MetricName[], period: Duration) {
    return names.map((name) => emittedMetric(this, { service, name, period, label: name }));
  }

  #emittedBy(dimension: MetricDimension, name: MetricName) {
    const schema = `{"${Stack.of(this).stackName}",service,${dimension}}`;
    return searched(`${schema} MetricName="${name}"`, cloudwatch.Stats.SUM, FIVE_MINUTES);
  }
}

/**
 * By route, and all together. The schema is left out of the search: AWS's documents call a route's
 * dimensions Route in one place, and Method and Resource in another.
 */
function byRoute({ apiId }: HttpApi, metric: string, statistic: string) {
  const terms = `Namespace="AWS/ApiGateway" ApiId="${apiId}" MetricName="${metric}"`;
  return searched(terms, statistic, FIVE_MINUTES);
}

function requestGraphs(httpApi: HttpApi): GraphProps[] {
  const { SUM } = cloudwatch.Stats;
  return [
    { title: 'Requests by route', metrics: [byRoute(httpApi, 'Count', SUM)] },
    { title: '4xx by route', metrics: [byRoute(httpApi, '4xx', SUM)] },
    { title: '5xx by route', metrics: [byRoute(httpApi, '5xx', SUM)] },
  ];
}

function latencyGraphs(httpApi: HttpApi): GraphProps[] {
  return [50, 95, 99].map((percent) => ({
    title: `Latency by route, p${percent}`,
    metrics: [byRoute(httpApi, 'Latency', cloudwatch.Stats.percentile(percent))],
  }));
}

function functionGraphs(functions: ServiceDashboardProps['functions']): GraphProps[] {
  const ofEach = (metricOf: (fn: IFunction, label: string) => cloudwatch.Metric) =>
    Object.entries(functions).map(([label, fn]) => metricOf(fn, label));
  const p99 = cloudwatch.Stats.percentile(99);
  return [
    { title: 'Errors of functions', metrics: ofEach((fn, label) => fn.metricErrors({ label })) },
    { title: 'Throttles', metrics: ofEach((fn, label) => fn.metricThrottles({ label })) },
    {
      title: 'Duration, p99',
      metrics: ofEach((fn, label) => fn.metricDuration({ label, statistic: p99 })),
    },
    {
      title: 'Concurrency',
      metrics: ofEach((fn, label) =>
        fn.metric('ConcurrentExecutions', { label, statistic: cloudwatch.Stats.MAXIMUM }),
      ),
    },
  ];
}

function databaseGraphs({ cluster, maxAcu }: ServiceDashboardProps): GraphProps[] {
  const statistic = cloudwatch.Stats.MAXIMUM;
  return [
    {
      title: 'Database capacity, ACU',
      metrics: [cluster.metricServerlessDatabaseCapacity({ statistic, label: 'used' })],
      leftAnnotations: [{ value: maxAcu, label: 'maximum' }],
    },
    {
      title: 'Connections of the Data API',
      metrics: [cluster.metricDatabaseConnections({ statistic, label: 'connections' })],
    },
    {
      title: 'Storage, bytes',
      metrics: [cluster.metricVolumeBytesUsed({ statistic, label: 'used' })],
    },
  ];
}
