import { type CostLine, totalOf } from './idle.ts';
import { PRICES, type PriceName } from './prices.ts';

/** What one request took, as the mean of many. */
export interface Measured {
  readonly name: string;
  /** How many orders it carried; 0 for one that reads. */
  readonly orders: number;
  /** How many were measured. */
  readonly requests: number;
  /** Of its body as it was sent. */
  readonly sentBytes: number;
  readonly dataApiCalls: number;
  /** In 32 KB of what was sent and what came back, by the call. */
  readonly dataApiUnits: number;
  /**
   * How long the function says that it took, with its waiting for the database; where it says
   * nothing, how long the caller waited.
   */
  readonly lambdaMs: number;
  readonly lambdaMb: number;
  readonly logLines: number;
  readonly logBytes: number;
  /** Of PostgreSQL's backends. */
  readonly databaseCpuMs: number;
  readonly walBytes: number;
}

/** What cannot be measured on one machine. */
export const ASSUMED = {
  /** API Gateway's unit. */
  httpApiBytes: 512 * 1024,
  /** AWS says 2 GiB of memory "and corresponding CPU"; a fourth of a vCPU is how it is known. */
  vcpuOfAcu: 0.25,
  /** Aurora writes its log, and counts that by 4 KB. */
  ioBytes: 4_096,
  /** What CloudWatch adds to each line. */
  logLineBytes: 26,
  /** Lambda's own lines of a request: its start and its report. */
  platformLines: 2,
  platformBytes: 700,
  /** A line of the access log. */
  accessLines: 1,
  accessBytes: 800,
} as const;

/** What so many requests cost beyond the idle stage, in dollars. */
export function requestCost(one: Measured, count: number, instances: number): CostLine[] {
  const { httpApiBytes, vcpuOfAcu, ioBytes, logLineBytes } = ASSUMED;
  const lines = one.logLines + ASSUMED.platformLines + ASSUMED.accessLines;
  const logBytes =
    one.logBytes + ASSUMED.platformBytes + ASSUMED.accessBytes + lines * logLineBytes;
  const acuHours = (instances * one.databaseCpuMs) / 1_000 / 3_600 / vcpuOfAcu;
  const MILLION = 1_000_000;
  return [
    line('API Gateway', (count / MILLION) * unitsOf(one.sentBytes, httpApiBytes), 'httpApi'),
    line('Lambda, requests', count / MILLION, 'lambdaRequests'),
    line('Lambda, time', (count * one.lambdaMs * one.lambdaMb) / 1_000 / 1_024, 'lambdaTime'),
    line('Data API', (count / MILLION) * one.dataApiUnits, 'dataApi'),
    line('ACU-hours', count * acuHours, 'acuHour'),
    line('storage I/O', ((count / MILLION) * one.walBytes) / ioBytes, 'storageIo'),
    line('logs', (count * logBytes) / 1e9, 'logs'),
  ];
}

/** How many units of a size some bytes are; none is one. */
export function unitsOf(bytes: number, size: number): number {
  return Math.max(1, Math.ceil(bytes / size));
}

/** The lines, and their sum, by what they are for. */
export function byName(lines: readonly CostLine[]): Record<string, number> {
  const entries = lines.map(({ what, usd }) => [what, usd] as const);
  return { ...Object.fromEntries(entries), together: totalOf(lines) };
}

function line(what: string, quantity: number, price: PriceName): CostLine {
  return { what, quantity, usd: quantity * PRICES[price].usd };
}
