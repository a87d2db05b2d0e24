import { quantile, timeMs } from './measure.ts';
import { newOrders } from './orders.ts';
import { startStandIns } from './stand-ins.ts';
import type { Bench, Report } from './subject.ts';
import { table } from './table.ts';
import { byCopy, overPg } from './upload-contenders.ts';

const ROUNDS = 15;
const ORDERS = 1_000;

export async function bench(bench: Bench): Promise<Report> {
  const { url, postgres } = await startStandIns(bench);
  const contenders = { 'straight over pg': overPg(url, 1), COPY: await byCopy(url, 1) };
  const figures = [];
  for (const [name, contender] of Object.entries(contenders)) {
    bench.atEnd(() => contender.close());
    const samples: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const store = contender.prepare('bench', newOrders(ORDERS));
      samples.push((ORDERS / (await timeMs(store))) * 1_000);
    }
    figures.push({ name, p50: quantile(samples, 0.5), p95: quantile(samples, 0.05) });
  }
  bench.print(table(figures));
  return { postgres, rowCounts: { orders: ORDERS }, unit: 'orders/s', figures };
}
