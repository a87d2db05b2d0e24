import type { Resources } from './api-template.ts';
import { metricMath } from './metric-math.ts';

// CloudWatch as far as our alarms go. It leaves out that figures come late, that an alarm looks
// beyond its periods when some have no data, and all statistics that no alarm of ours has.

/** A figure as CloudWatch gets it. */
export interface DataPoint {
  readonly namespace: string;
  readonly name: string;
  /** A value of the template's may be a reference, as it is there. */
  readonly dimensions: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

/** A metric as an alarm watches it. */
export interface MetricStat {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Period: number;
  readonly Statistic: string;
}

/** The properties of an `AWS::CloudWatch::Alarm`, in its two forms. */
export type AlarmProperties = {
  readonly AlarmDescription: string;
  readonly ComparisonOperator: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: string;
} & (
  | (Omit<MetricStat, 'Statistic'> & {
      readonly Statistic?: string;
      readonly ExtendedStatistic?: string;
      readonly Metrics?: undefined;
    })
  | { readonly Metrics: readonly MetricQuery[] }
);

interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: Pick<MetricStat, 'Namespace' | 'MetricName' | 'Dimensions'>;
    readonly Period: number;
    readonly Stat: string;
  };
}

/** A template's alarms by their names, which end their logical ids but for a digest. */
export function alarmsOf(resources: Resources): Map<string, AlarmProperties> {
  return new Map(
    Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
      .map(([id, { Properties }]) => [/Alarms(\w+)[0-9A-F]{8}$/.exec(id)?.[1] ?? id, Properties]),
  );
}

/**
 * What lines of a log come to that are in the embedded metric format.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emittedPoints(lines: readonly string[]): DataPoint[] {
  return lines.flatMap((line) => {
    if (!line.includes('"_aws"')) return [];
    const { _aws, ...fields } = JSON.parse(line);
    const points: DataPoint[] = [];
    for (const { Namespace: namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
      for (const set of Dimensions as string[][]) {
        const dimensions = Object.fromEntries(set.map((name) => [name, fields[name]]));
        for (const { Name: name } of Metrics) {
          const at = _aws.Timestamp;
          points.push({ namespace, name, dimensions, at, value: fields[name] });
        }
      }
    }
    return points;
  });
}

/** Whether an alarm is on at a moment, by what CloudWatch has got until then. */
export function alarmState(
  alarm: AlarmProperties,
  points: readonly DataPoint[],
  now: number,
): 'OK' | 'ALARM' {
  const stats = metricsOf(alarm);
  const [periodMs = Number.NaN] = [...stats.values()].map(({ Period }) => Period * 1_000);
  const expression = alarm.Metrics?.find(({ Expression }) => Expression)?.Expression ?? 'metric';
  const breaching = Array.from({ length: alarm.EvaluationPeriods }, (_, i) => {
    const until = now - i * periodMs;
    const value = metricMath(expression, (id) => {
      const stat = stats.get(id);
      if (!stat) throw new Error(`The alarm has no metric ${id}.`);
      return statistic(stat, points, until - periodMs, until);
    });
    return value === undefined ? isMissingBreaching(alarm) : isBreaching(alarm, value);
  });
  const count = breaching.filter(Boolean).length;
  return count >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods) ? 'ALARM' : 'OK';
}

/** The metrics that an alarm watches, by the names that its expression has for them. */
export function metricsOf(alarm: AlarmProperties): ReadonlyMap<string, MetricStat> {
  if (!alarm.Metrics) {
    const { Statistic, ExtendedStatistic } = alarm;
    return new Map([['metric', { ...alarm, Statistic: Statistic ?? ExtendedStatistic ?? '' }]]);
  }
  return new Map(
    alarm.Metrics.flatMap(({ Id, MetricStat: stat }) =>
      stat ? [[Id, { ...stat.Metric, Period: stat.Period, Statistic: stat.Stat }] as const] : [],
    ),
  );
}

function statistic(
  { Namespace, MetricName, Dimensions = [], Statistic }: MetricStat,
  points: readonly DataPoint[],
  from: number,
  until: number,
): number | undefined {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  const values = points
    .filter(({ at }) => at > from && at <= until)
    .filter(({ namespace, name }) => namespace === Namespace && name === MetricName)
    .filter((point) => sorted(point.dimensions) === sorted(dimensions))
    .map(({ value }) => value)
    .sort((a, b) => a - b);
  if (values.length === 0) return undefined;
  switch (Statistic) {
    case 'Sum':
      return values.reduce((total, value) => total + value, 0);
    case 'Maximum':
      return values.at(-1);
    case 'p99':
      return values[Math.ceil(values.length * 0.99) - 1];
    default:
      throw new Error(`This statistic is not known: ${Statistic}`);
  }
}

const sorted = (fields: Readonly<Record<string, unknown>>) =>
  JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

function isBreaching({ ComparisonOperator, Threshold }: AlarmProperties, value: number): boolean {
  switch (ComparisonOperator) {
    case 'GreaterThanThreshold':
      return value > Threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= Threshold;
    case 'LessThanThreshold':
      return value < Threshold;
    default:
      throw new Error(`This comparison is not known: ${ComparisonOperator}`);
  }
}

function isMissingBreaching({ TreatMissingData }: AlarmProperties): boolean {
  if (TreatMissingData === 'breaching') return true;
  if (TreatMissingData === 'notBreaching') return false;
  throw new Error(`What is missing is treated in an unknown way: ${TreatMissingData}`);
}
