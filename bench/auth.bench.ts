import { join } from 'node:path';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { table } from '../cli/markdown-table.ts';
import { systemClock } from '../local/aws/clock.ts';
import { startService } from '../local/service/service.ts';
import { quantile, timeMs } from './measure.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';

const ROUNDS = 500;
const WARM_UP = 50;
/** Longer than API Gateway remembers a key. */
const FORGOTTEN_MS = 61_000;

/**
 * What the check of a key costs a request for statistics, one at a time: while API Gateway
 * remembers the key, and when it asks `functions/authorize` every time. By turns, in one run.
 */
export async function bench({ folder, print, use }: Bench): Promise<Report> {
  let nowMs = Date.now();
  const clock = { ...systemClock, now: () => nowMs };
  const service = use(await startService({ dataDir: join(folder, 'data'), clock }));
  const { api, postgres } = service.endpoints;
  const headers = await keyHeader(service.endpoints, 'test_seller');
  const ask = async () => {
    const response = await fetch(`${api}/api/orders/stats?user=test_seller`, { headers });
    const text = await response.text();
    if (response.status !== 200) throw new Error(text);
  };
  const calls = () => service.dataApi.counters.read().ExecuteStatement.calls;

  const ways = {
    remembered: { forgetMs: 0, samples: [] as number[], calls: 0 },
    'asked every time': { forgetMs: FORGOTTEN_MS, samples: [] as number[], calls: 0 },
  };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const way of Object.values(ways)) {
      nowMs += way.forgetMs;
      const before = calls();
      const ms = await timeMs(ask);
      if (round < 0) continue; // warms up
      way.samples.push(ms);
      way.calls += calls() - before;
    }
  }
  const figures = Object.entries(ways).map(([name, way]) => ({
    name,
    p50: quantile(way.samples, 0.5),
    p95: quantile(way.samples, 0.95),
    'Data API calls': way.calls / ROUNDS,
  }));
  const [remembered, asked] = figures as [(typeof figures)[0], (typeof figures)[0]];
  if (remembered['Data API calls'] !== 1 || asked['Data API calls'] !== 2) {
    throw new Error(`Not the calls that were meant: ${JSON.stringify(figures)}`);
  }
  print(table(figures));
  print(
    `\na check costs ${(asked.p50 - remembered.p50).toFixed(1)} ms and one call; asked every time takes ${(asked.p50 / remembered.p50).toFixed(2)} times as long`,
  );
  return { postgres: await serverVersion(postgres), rowCounts: { keys: 1 }, unit: 'ms', figures };
}
