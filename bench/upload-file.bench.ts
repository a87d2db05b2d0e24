import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createSellerKey } from '../cli/keys/seller-key.ts';
import { table } from '../cli/markdown-table.ts';
import { startService } from '../local/service/service.ts';
import { median } from './measure.ts';
import { batches, type FileForm, type OrdersFile, writeOrdersFile } from './order-files.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { buildCommand, startUpload } from './upload-file-command.ts';

/** A file of each form then has more than 1 GB. */
const ORDERS = 2_900_000;
const FORMS: readonly FileForm[] = ['ndjson', 'csv'];
/** What the command takes by default, nearly. */
const ORDERS_PER_REQUEST = 1_500;
const PARALLEL = 4;
const KILLS = 20;
/** Of the files that are sent with all those kills, and of what is sent beside, as a share. */
const SHARE = 0.03;
/** What the command is meant to stay under, where the system tells. */
const MAX_PEAK_MB = 150;

/**
 * The command `order-analytics upload` with large files: how fast it is beside a program that
 * does nothing but send such orders, before and after each file; how much memory it has at most;
 * and that nothing is lost or sent twice when it is killed, or stopped by Ctrl-C,
 * at random moments.
 */
export async function bench(bench: Bench): Promise<Report> {
  const orders = bench.orders ?? ORDERS;
  const service = bench.use(await startService({ dataDir: join(bench.folder, 'data') }));
  const { api } = service.endpoints;
  const targetOf = async (user: string) => ({
    api,
    key: await createSellerKey(service.endpoints, user),
  });
  const program = buildCommand(join(bench.folder, 'command.mjs'));
  const pathOf = (name: string, form: FileForm) => join(bench.folder, `${name}.${form}`);

  const driver = await targetOf('driver');
  const beside = () => sendAll(driver, Math.max(1_000, Math.round(orders * SHARE)));
  const driverRates = [await beside()];
  const figures: Measured[] = [];
  for (const form of FORMS) {
    const file = await writeOrdersFile(pathOf('whole', form), form, orders);
    const sent = await startUpload(program, file.path, await targetOf(form)).ended;
    checkSent(sent.report, file);
    rmSync(file.path);
    const rate = Math.round(orders / (sent.durationMs / 1_000));
    const { peakMb } = sent;
    figures.push({ name: form, p50: rate, p95: rate, megabytes: file.megabytes, peakMb });
    bench.print(`${form}: ${file.megabytes} MB, ${rate} orders a second, ${peakMb} MB at most`);
    driverRates.push(await beside());
  }
  const kills = await killOften(program, {
    file: await writeOrdersFile(pathOf('killed', 'ndjson'), 'ndjson', Math.round(orders * SHARE)),
    target: await targetOf('killed'),
    rate: median(driverRates),
  });

  figures.unshift({
    name: 'raw driver',
    p50: median(driverRates),
    p95: Math.min(...driverRates),
    megabytes: undefined,
    peakMb: undefined,
  });
  bench.print(`\n${table(figures)}`);
  bench.print(`\norders a second; killed ${kills} times: equal to the cent`);
  for (const { name, peakMb = 0 } of figures) {
    if (peakMb > MAX_PEAK_MB) bench.print(`${name} took more than ${MAX_PEAK_MB} MB`);
  }
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { orders },
    unit: 'orders/s',
    figures,
    kills,
  };
}

/** Orders a second, of a file of so many megabytes, with so much memory at most. */
type Measured = Pick<Figure, 'name' | 'p50' | 'p95'> & {
  readonly megabytes: number | undefined;
  readonly peakMb: number | undefined;
};

interface Target {
  readonly api: string;
  readonly key: string;
}

/** Sends as many orders as they are made, and nothing else; how many that were a second. */
async function sendAll({ api, key }: Target, count: number): Promise<number> {
  const startedMs = performance.now();
  const left = batches(count, ORDERS_PER_REQUEST);
  const send = async () => {
    for (const orders of left) {
      const response = await fetch(`${api}/api/orders/upload`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/octet-stream',
          'content-encoding': 'gzip',
        },
        body: gzipSync(JSON.stringify({ user: 'driver', orders })),
      });
      if (!response.ok) throw new Error(await response.text());
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, send));
  return Math.round(count / ((performance.now() - startedMs) / 1_000));
}

interface Killing {
  readonly file: OrdersFile;
  readonly target: Target;
  /** About how many orders are sent in a second. */
  readonly rate: number;
}

/** Kills the command and stops it by turns, and lets it end in the end; how often that was. */
async function killOften(program: string, { file, target, rate }: Killing): Promise<number> {
  const aliveMs = (file.orders / rate / 5) * 1_000;
  let kills = 0;
  while (kills < KILLS) {
    const command = startUpload(program, file.path, target);
    const signal = kills % 2 === 0 ? 'SIGKILL' : 'SIGINT';
    const timer = setTimeout(() => command.end(signal), Math.random() * aliveMs);
    const { wasEnded } = await command.ended;
    clearTimeout(timer);
    if (!wasEnded) break; // it was done before
    kills += 1;
  }
  checkSent((await startUpload(program, file.path, target).ended).report, file);
  return kills;
}

function checkSent(report: Record<string, unknown>, { orders, cents }: OrdersFile): void {
  const total = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  const { orders_count, total_revenue, as_expected } = report;
  if (orders_count === orders && total_revenue === total && as_expected === true) return;
  throw new Error(
    `The service does not have ${orders} orders of ${total}: ${JSON.stringify(report)}`,
  );
}
