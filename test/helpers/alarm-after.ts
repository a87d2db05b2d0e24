import {
  type AlarmProperties,
  alarmState,
  alarmsOf,
  type DataPoint,
  type MetricStat,
} from './alarms.ts';
import { apiResources } from './api-template.ts';

/** The alarms of the template, by their names. */
export const ALARMS: ReadonlyMap<string, AlarmProperties> = alarmsOf(apiResources());

const MINUTE = 60_000;

/** Of an alarm when what happened goes on for a quarter of an hour. */
export function stateAfter(name: string, points: readonly DataPoint[]): 'OK' | 'ALARM' {
  const lasting = [0, 5, 10].flatMap((minutes) =>
    points.map((point) => ({ ...point, at: point.at - minutes * MINUTE })),
  );
  return alarmState(alarmOf(name), lasting, endOf(points));
}

/** When all that has come, at the end of a period of any length. */
export const endOf = (points: readonly DataPoint[]) => Math.max(...points.map(({ at }) => at));

/** @throws when there is no such alarm */
export function alarmOf(name: string): AlarmProperties {
  const alarm = ALARMS.get(name);
  if (!alarm) throw new Error(`There is no alarm ${name}.`);
  return alarm;
}

/** A figure of a metric, as an alarm watches it. */
export function pointOf(metric: MetricStat, value: number, at: number): DataPoint {
  const { Namespace: namespace, MetricName: name, Dimensions = [] } = metric;
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { namespace, name, dimensions, at, value };
}
