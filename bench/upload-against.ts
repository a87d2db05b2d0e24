import { type Row, table } from '../cli/markdown-table.ts';
import { checkOut, thisCheckout } from './checkout.ts';
import { median, quantile } from './measure.ts';
import { changedOrders, newOrders, type SentOrder } from './orders.ts';
import { cpuBetween } from './process-cpu.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';
import type { Contender } from './upload-contenders.ts';
import { KINDS, type Kind, storeAll } from './upload-play.ts';
import { MOST_CLIENTS, SELLERS, type Side, startCopy, startSide } from './upload-side.ts';

/**
 * How many orders an upload has, and how many uploads each client sends in a round: few, since what
 * else the machine does changes within seconds.
 */
const SIZES = [
  { orders: 1, clients: 1, uploads: 20 },
  { orders: 1, clients: 4, uploads: 10 },
  { orders: 1_000, clients: 1, uploads: 2 },
  { orders: 1_000, clients: 4, uploads: 2 },
  { orders: 10_000, clients: 1, uploads: 1 },
];
type Size = (typeof SIZES)[number];

const MOST_ROUNDS = 15;
const FEWEST_ROUNDS = 5;
/** When a size has taken so long, as on a busy machine, the fewest rounds are enough. */
const PATIENCE_MS = 60_000;

interface Sides<Of> {
  readonly this: Of;
  readonly that: Of;
}

/** The same uploads to this checkout's service and to a commit's, by turns in every round. */
export async function uploadAgainst(bench: Bench, commit: string): Promise<Report> {
  const that = await checkOut(bench, commit);
  bench.print('Starting both as npm start does');
  const [own, other] = await Promise.all([startSide(bench, thisCheckout), startSide(bench, that)]);
  const sides = { this: own, that: other };
  const copy = await startCopy(bench, sides.this);

  const measured: Measured[] = [];
  for (const size of SIZES) measured.push(...(await measureSize(sides, copy, size)));
  const figures = measured.map(speedOf);
  const cpu = measured.map(cpuOf);
  const copied = measured.filter(({ copied }) => copied.length > 0).map(ofCopy);
  bench.print(`\n${table(figures.map(speedRow))}`);
  bench.print(`\nOrders a second, that being ${commit}: medians of all rounds, whose ratios have`);
  bench.print('a median of their own; above 1, this checkout is faster');
  bench.print(`\n${table(cpu)}`);
  bench.print('\nProcessor time for 1,000 orders, in ms');
  bench.print(`\n${table(copied)}`);
  bench.print(`\nThe same orders by COPY over ${MOST_CLIENTS} connections, orders a second`);
  return {
    postgres: await serverVersion(sides.this.endpoints.postgres),
    against: commit,
    rowCounts: { itemsPerOrder: 3 },
    unit: 'orders/s',
    figures,
    cpu,
    copied,
  };
}

type CpuUsed = ReturnType<typeof cpuBetween>;

/** What all rounds of one kind of upload gave, a sample a round. */
interface Measured {
  readonly name: string;
  /** Of one side in a round. */
  readonly orders: number;
  readonly speeds: Sides<number[]>;
  readonly cpu: Sides<(CpuUsed | undefined)[]>;
  /** Orders a second by `COPY`, which can only add. */
  readonly copied: number[];
}

async function measureSize(sides: Sides<Side>, copy: Contender, size: Size): Promise<Measured[]> {
  const { orders, clients, uploads } = size;
  const lineOf = (kind: Kind): Measured => ({
    name: `${orders} × ${clients} ${kind}`,
    orders: orders * clients * uploads,
    speeds: { this: [], that: [] },
    cpu: { this: [], that: [] },
    copied: [],
  });
  const lines = { new: lineOf('new'), identical: lineOf('identical'), changed: lineOf('changed') };
  const until = performance.now() + PATIENCE_MS;
  const isEnough = (rounds: number) =>
    rounds >= MOST_ROUNDS || (rounds >= FEWEST_ROUNDS && performance.now() > until);
  for (let round = -1; !isEnough(round); round++) {
    const fresh = Array.from({ length: clients }, () =>
      Array.from({ length: uploads }, () => newOrders(orders)),
    );
    const sent = {
      new: fresh,
      identical: fresh,
      changed: fresh.map((each) => each.map(changedOrders)),
    };
    const turns = round % 2 === 0 ? (['this', 'that'] as const) : (['that', 'this'] as const);
    for (const kind of KINDS) {
      for (const turn of turns) {
        const side = sides[turn];
        const before = side.readCpu();
        const speed = await storeAll(side.http, kind, SELLERS, sent[kind]);
        const after = side.readCpu();
        if (round < 0) continue; // warms up
        lines[kind].speeds[turn].push(speed);
        lines[kind].cpu[turn].push(before && after && cpuBetween(before, after));
      }
    }
    const copied = await storeAll(copy, 'new', SELLERS, dealOut(fresh.flat(2), orders));
    if (round >= 0) lines.new.copied.push(copied);
    else for (const side of Object.values(sides)) await side.vacuum();
  }
  return Object.values(lines);
}

/** All orders in equal shares for all connections, in uploads no larger than they had. */
function dealOut(orders: readonly SentOrder[], mostInUpload: number): SentOrder[][][] {
  return chunks(orders, orders.length / MOST_CLIENTS).map((share) => chunks(share, mostInUpload));
}

const chunks = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.slice(i * size, (i + 1) * size),
  );

const quotients = (ones: readonly number[], others: readonly number[]) =>
  ones.map((one, i) => one / (others[i] ?? Number.NaN));

function speedOf({ name, speeds }: Measured) {
  const ratios = quotients(speeds.this, speeds.that);
  return {
    name,
    p50: median(speeds.this),
    p95: quantile(speeds.this, 0.05),
    that: { p50: median(speeds.that), p95: quantile(speeds.that, 0.05) },
    ratio: { p50: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) },
    rounds: ratios.length,
  };
}

const speedRow = ({ name, p50, that, ratio, rounds }: ReturnType<typeof speedOf>): Row => ({
  name,
  'this, orders/s': p50,
  'that, orders/s': that.p50,
  ratio: ratio.p50.toFixed(2),
  'min..max': `${ratio.min.toFixed(2)}..${ratio.max.toFixed(2)}`,
  rounds,
});

function cpuOf({ name, orders, cpu }: Measured): Row {
  const perThousand = (side: keyof Sides<unknown>, part: keyof CpuUsed) => {
    const used = cpu[side].flatMap((round) => round?.[part] ?? []);
    if (used.length < cpu[side].length) return 'n/a';
    return (1_000 * used.reduce((sum, ms) => sum + ms, 0)) / (orders * used.length);
  };
  return {
    name,
    'backends, this': perThousand('this', 'backendsMs'),
    'backends, that': perThousand('that', 'backendsMs'),
    'worker, this': perThousand('this', 'workersMs'),
    'worker, that': perThousand('that', 'workersMs'),
    'stand-ins, this': perThousand('this', 'standInsMs'),
    'stand-ins, that': perThousand('that', 'standInsMs'),
  };
}

function ofCopy({ name, speeds, copied }: Measured): Row {
  return {
    name,
    COPY: median(copied),
    'this of COPY': median(quotients(speeds.this, copied)),
    'that of COPY': median(quotients(speeds.that, copied)),
  };
}
