import { type Resource, resourcesIn, type Template } from '../templates/assembly.ts';
import { HOURS_A_MONTH, PRICES, type PriceName } from './prices.ts';

/** A part of a bill. */
export interface CostLine {
  readonly what: string;
  readonly quantity: number;
  /** By the month. */
  readonly usd: number;
}

/** What stacks cost by the month while nobody asks for anything: what templates tell of it. */
export function idleCost(templates: readonly Template[]): CostLine[] {
  const all = (type: string) => templates.flatMap((template) => resourcesIn(template, type));
  const [cluster] = all('AWS::RDS::DBCluster');
  const minAcu = cluster?.Properties.ServerlessV2ScalingConfiguration?.MinCapacity ?? 0;
  const hours = all('AWS::RDS::DBInstance').length * HOURS_A_MONTH;
  const watched = all('AWS::CloudWatch::Alarm').map(metricsOf);
  return [
    line('database capacity, ACU-hours', minAcu * hours, 'acuHour'),
    line('secrets', all('AWS::SecretsManager::Secret').length, 'secret'),
    line('KMS keys of our own', all('AWS::KMS::Key').length, 'key'),
    line(
      'metrics that alarms watch',
      watched.reduce((sum, count) => sum + count, 0),
      'alarm',
    ),
    line('dashboards', all('AWS::CloudWatch::Dashboard').length, 'dashboard'),
  ];
}

/** Their sum, in dollars. */
export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

function line(what: string, quantity: number, price: PriceName): CostLine {
  return { what, quantity, usd: quantity * PRICES[price].usd };
}

/** What a line has of how many, such as `4.00 (10)`, or a dash where there are none. */
export function lineText({ quantity, usd }: CostLine): string {
  return quantity > 0 ? `${usd.toFixed(2)} (${quantity})` : '–';
}

/** An alarm on a formula is paid for by the metrics in it. */
function metricsOf({ Properties: { Metrics = [] } }: Resource): number {
  const measured = Metrics.filter((metric: object) => 'MetricStat' in metric);
  return Math.max(1, measured.length);
}
