import { join } from 'node:path';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { type Row, table } from '../cli/markdown-table.ts';
import { startService } from '../local/service/service.ts';
import { median, quantile } from './measure.ts';
import { changedOrders, newOrders } from './orders.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { type KeyHeaders, overHttp } from './upload-contenders.ts';
import { KINDS, storeAll } from './upload-play.ts';

const CLIENTS = [4, 16];
const MOST_CLIENTS = 16;
const ROUNDS = 7;

/** How many orders an upload has, and how many each client sends in a round. */
const SIZES = [
  { orders: 1, uploads: 10 },
  { orders: 1_000, uploads: 1 },
];

/** What several clients of one seller may lose to one another. */
const ALLOWED = 0.85;

const SELLERS = Array.from({ length: MOST_CLIENTS }, (_, i) => `seller_${i + 1}`);

/**
 * Clients of one seller, whose orders are of the same days and statuses and so of the same rows of
 * the roll-up, beside as many clients of a seller each, by turns in every round.
 */
export async function bench(bench: Bench): Promise<Report> {
  const service = bench.use(await startService({ dataDir: join(bench.folder, 'data') }));
  const keys: Record<string, KeyHeaders[string]> = {};
  for (const seller of SELLERS) keys[seller] = await keyHeader(service.endpoints, seller);
  const http = overHttp(service.endpoints.api, keys);
  const usersOf = { one: SELLERS.map(() => SELLERS[0] ?? ''), several: SELLERS };

  const figures: (Figure & Row)[] = [];
  for (const { orders, uploads } of SIZES) {
    for (const clients of CLIENTS) {
      const empty = () => ({ one: [] as number[], several: [] as number[] });
      const samples = { new: empty(), identical: empty(), changed: empty() };
      for (let round = -1; round < ROUNDS; round++) {
        const turns =
          round % 2 === 0 ? (['one', 'several'] as const) : (['several', 'one'] as const);
        for (const turn of turns) {
          const fresh = Array.from({ length: clients }, () =>
            Array.from({ length: uploads }, () => newOrders(orders)),
          );
          const sent = {
            new: fresh,
            identical: fresh,
            changed: fresh.map((o) => o.map(changedOrders)),
          };
          for (const kind of KINDS) {
            const speed = await storeAll(http, kind, usersOf[turn], sent[kind]);
            if (round >= 0) samples[kind][turn].push(speed); // the first round warms up
          }
        }
      }
      for (const kind of KINDS) {
        const { one, several } = samples[kind];
        const ratio = median(one.map((speed, round) => speed / (several[round] ?? Number.NaN)));
        figures.push({
          name: `${orders} × ${clients} ${kind}`,
          p50: median(one),
          p95: quantile(one, 0.05),
          several: median(several),
          ratio,
          'as allowed': ratio >= ALLOWED ? 'yes' : `no: ${ALLOWED}`,
        });
      }
    }
  }
  bench.print(table(figures));
  bench.print(
    `\norders a second, medians of ${ROUNDS}; the ratio is the median of the rounds' own`,
  );
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { itemsPerOrder: 3 },
    unit: 'orders/s',
    figures,
  };
}
