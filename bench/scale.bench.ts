import { join } from 'node:path';
import { ASSUMED } from '../cli/cost/requests.ts';
import { type Row, table } from '../cli/markdown-table.ts';
import { type Capacity, playBusyHour } from '../cli/scale/busy-hour.ts';
import { resourcesOf } from '../cli/templates/assembly.ts';
import { synthesizeStage } from '../cli/templates/synthesize-stage.ts';
import { startService } from '../local/service/service.ts';
import { quantile, timeMs } from './measure.ts';
import { newOrders } from './orders.ts';
import { readCpu } from './process-cpu.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { invokeUpload } from './upload-invocation.ts';

/** What docs/scale.md states as the load: each sends what has come in since the hour before. */
const SELLERS = 100;
const ORDERS_A_DAY = 1_000;
const ORDERS = Math.ceil(ORDERS_A_DAY / 24);
/** Machines that do something every hour do it within the first minute of it. */
const MINUTE_S = 60;
/** Unless they are told to choose a moment by chance. */
const SPREAD_S = 1_800;
const TIMES = [1, 10, 100, 1_000];

/** The most that Aurora gives an instance that scales by itself. */
const MOST_ACU = 256;
/** More than a new account may have, and less than is given to who asks. */
const MANY_FUNCTIONS = 1_000;

const SELLER = 'test_seller';
const UPLOADS = 300;
const WARM_UP = 30;

/**
 * What uploads meet that all sellers send at the full hour, at multiples of a stated load: what one
 * takes is measured, and an hour is played with it, since paper does not tell who is refused how
 * often. As production is set, and with what settings alone can give it.
 */
export async function bench({ folder, print, use }: Bench): Promise<Report> {
  const service = use(await startService({ dataDir: join(folder, 'data') }));
  const invoke = invokeUpload(service, SELLER);
  const upload = () => invoke(JSON.stringify({ user: SELLER, orders: newOrders(ORDERS) }));
  for (let i = 0; i < WARM_UP; i++) await upload();
  const before = readCpu(process.pid)?.backendsMs ?? Number.NaN;
  const wholeMs = await timeMs(async () => {
    for (let i = 0; i < UPLOADS; i++) await upload();
  });
  const databaseMs = ((readCpu(process.pid)?.backendsMs ?? Number.NaN) - before) / UPLOADS;
  const functionMs = Math.max(0, wholeMs / UPLOADS - databaseMs);
  print(`An upload of ${ORDERS} orders × 3 items: ${databaseMs.toFixed(1)} ms of the database's`);
  print(`processor, and ${functionMs.toFixed(1)} ms besides.\n`);

  const asIs = await productionCapacity();
  const letIn = { ...asIs, burst: 5_000, requestsPerSecond: 10_000, functions: MANY_FUNCTIONS };
  const most = { ...letIn, processors: MOST_ACU * ASSUMED.vcpuOfAcu };
  const settings: Record<string, { capacity: Capacity; withinS: number }> = {
    'as production is': { capacity: asIs, withinS: MINUTE_S },
    'the same, sent within half an hour': { capacity: asIs, withinS: SPREAD_S },
    'throttles and functions raised': { capacity: letIn, withinS: MINUTE_S },
    [`and ${MOST_ACU} ACU`]: { capacity: most, withinS: MINUTE_S },
  };
  const rows = TIMES.flatMap((times) =>
    Object.entries(settings).map(([name, { capacity, withinS }]): Figure & Row => {
      const count = SELLERS * times;
      const uploads = { count, withinS, databaseMs, functionMs };
      const hour = playBusyHour(capacity, uploads, chanceFrom(1));
      return {
        times,
        name,
        p50: Math.round(quantile(hour.waitsMs, 0.5)),
        p95: Math.round(quantile(hour.waitsMs, 0.95)),
        'refused at first, %': round(100 * hour.refusedShare),
        'given up after ten, %': round(100 * hour.givenUpShare),
        'all stored after, s': round(hour.storedAfterMs / 1_000),
        "database's share, %": round(
          (100 * count * databaseMs) / capacity.processors / withinS / 1_000,
        ),
      };
    }),
  );
  print(table(rows));
  print(`\nms from the first try to the answer; of the database's processors meanwhile`);
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { itemsPerOrder: 3, ordersOfAnUpload: ORDERS },
    unit: 'ms',
    figures: rows,
    databaseMs,
    functionMs,
    settings,
  };
}

/** What production's templates let in and have. */
async function productionCapacity(): Promise<Capacity> {
  const context = { stage: 'production', alarmEmail: 'none' };
  const assembly = await synthesizeStage(context, new AbortController().signal);
  const [api] = resourcesOf(assembly, 'AWS::ApiGatewayV2::Stage');
  const [cluster] = resourcesOf(assembly, 'AWS::RDS::DBCluster');
  const throttle = api?.Properties.RouteSettings['POST /api/orders/upload'];
  const upload = resourcesOf(assembly, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME === 'upload',
  );
  const { MaxCapacity } = cluster?.Properties.ServerlessV2ScalingConfiguration ?? {};
  return {
    burst: throttle.ThrottlingBurstLimit,
    requestsPerSecond: throttle.ThrottlingRateLimit,
    functions: upload?.Properties.ReservedConcurrentExecutions,
    processors: MaxCapacity * ASSUMED.vcpuOfAcu,
  };
}

const round = (figure: number) => Math.round(figure * 10) / 10;

/** Numbers from 0 up to 1 that are the same in every run: a linear congruential generator. */
function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
