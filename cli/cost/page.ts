import { type Row, table } from '../markdown-table.ts';
import { type CostLine, lineText, totalOf } from './idle.ts';
import type { Price } from './prices.ts';
import type { ASSUMED, Measured } from './requests.ts';

/** What `npm run bench -- cost` keeps, of which the page is made. */
export interface CostResult {
  readonly machine: string;
  readonly node: string;
  readonly postgres: string;
  readonly measured: readonly Measured[];
  /** A million orders, or requests, in dollars, by what they are for. */
  readonly million: readonly { readonly name: string; readonly usd: Record<string, number> }[];
  readonly idle: readonly { readonly stage: string; readonly lines: readonly CostLine[] }[];
  /** On how many instances production has its database. */
  readonly instances: number;
  readonly storageBytesAnOrder: number;
  readonly emittedMetrics: readonly string[];
  readonly routes: number;
  readonly priced: { readonly region: string; readonly date: string; readonly kind: string };
  readonly prices: Readonly<Record<string, Price>>;
  readonly assumed: typeof ASSUMED;
}

/** `docs/cost.md`: what the service costs, and how that was found. */
export function costPage(result: CostResult, file: string): string {
  const { priced, prices, assumed, instances } = result;
  const metric = prices.metric?.usd ?? 0;
  return `# What it costs

Written by \`npm run bench -- cost\` from \`${file}\`: measured on ${result.machine}, Node ${result.node}, PostgreSQL ${result.postgres}, and
reckoned by ${priced.kind} in ${priced.region}, looked up on ${priced.date}, in US dollars. Nothing here is from a bill, and no free tier is taken off.

## A month in which nobody asks

${table(idleRows(result))}

Storage comes to it, and backups beyond its size. A database that pauses costs no capacity while it does. The network is free of charge: there is no NAT
gateway, no endpoint and no public address.

## A million orders

By how many come in one upload, on production's ${instances} instances of the database, each order with three items:

${table(millionRows(result, isUpload))}

They take ${money((result.storageBytesAnOrder * 1e6) / 1e9)} GB of storage with their indexes, receipts and statistics: ${money(((result.storageBytesAnOrder * 1e6) / 1e9) * (prices.storage?.usd ?? 0))} a month.

## A million requests that read

${table(millionRows(result, (one) => !isUpload(one)))}

For each key in use the check of it comes to this, once a minute at most: about what a request for statistics costs, without API Gateway.

## While requests come

CloudWatch counts metrics by the hour in which they have figures. In a month that has some in every hour, a metric costs ${money(metric)}:

- each route that is called has six of API Gateway's: ${money(6 * metric)} a route, ${money(6 * metric * result.routes)} for all ${result.routes};
- what this run has emitted of our own is ${result.emittedMetrics.length}: ${result.emittedMetrics.map((name) => `\`${name}\``).join(', ')}.

## What was measured

One request, as the mean of many:

${table(result.measured.map(measuredRow))}

## What was assumed

- A function takes as long on Lambda as here, on a machine that may have had other work, with its waiting for the
  Data API; cold starts are left out. What reads logs no time: there it is the caller's, with the way there.
- An ACU has ${assumed.vcpuOfAcu} vCPU, which AWS does not say, and PostgreSQL takes as much processor time there as here. Where more is idle than used, the minimum of
  the stage is what costs. Each instance of the database scales as the writer does.
- A session of the Data API keeps the plan of the statement that stores orders, as here; where AWS does not, each upload takes some 2 ms more of the
  database's processor.
- Aurora writes what PostgreSQL's log has here, by ${assumed.ioBytes} bytes an I/O; reads come from memory.
- The Data API counts what is sent together with what comes back, by 32 KB. Where an upload takes several calls, they are taken as equally large.
- A request has ${assumed.platformLines} lines of Lambda's own with ${assumed.platformBytes} bytes and one of the access log with ${assumed.accessBytes}; CloudWatch adds ${assumed.logLineBytes} bytes a line. Keeping logs is left out.
- Left out as small: answers that leave AWS ($0.09 a GB), mails of alarms, the night's run and its events, rotations.

## Prices

${table(
  Object.values(prices).map(({ usd, per, page, seenIn }) => ({
    USD: String(usd),
    per,
    "AWS's page": page,
    'seen in': seenIn,
  })),
)}
`;
}

const isUpload = ({ orders }: Measured) => orders > 0;

function idleRows({ idle }: CostResult): Row[] {
  const row = (what: string, cellOf: (lines: readonly CostLine[]) => string): Row => ({
    'what (how many)': what,
    ...Object.fromEntries(idle.map(({ stage, lines }) => [stage, cellOf(lines)])),
  });
  const [first] = idle;
  return [
    ...(first?.lines ?? []).map(({ what }, i) =>
      row(what, (lines) => (lines[i] ? lineText(lines[i]) : '–')),
    ),
    row('together', (lines) => money(totalOf(lines))),
  ];
}

function millionRows({ measured, million }: CostResult, isShown: (one: Measured) => boolean) {
  const shown = new Set(measured.filter(isShown).map(({ name }) => name));
  return million
    .filter(({ name }) => shown.has(name))
    .map(({ name, usd }): Row => {
      const cells = Object.entries(usd).map(([what, dollars]) => [what, money(dollars)]);
      return { request: name, ...Object.fromEntries(cells) };
    });
}

function measuredRow(one: Measured): Row {
  return {
    request: one.name,
    measured: one.requests,
    'bytes sent': one.sentBytes,
    'Data API calls': one.dataApiCalls,
    'of 32 KB': one.dataApiUnits,
    'function, ms': one.lambdaMs,
    'its MB': one.lambdaMb,
    'database CPU, ms': one.databaseCpuMs,
    'WAL, bytes': one.walBytes,
    'log, bytes': one.logBytes,
  };
}

/** Cents; of less than one, hundredths of it. */
function money(usd: number): string {
  return usd.toFixed(usd > 0 && usd < 0.01 ? 4 : 2);
}
