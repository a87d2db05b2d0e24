import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { emptyTables } from '../../helpers/empty-tables.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { order, orders, rollUpDifferences } from '../../helpers/orders.ts';
import { killingProxy, type Moment } from './killing-proxy.ts';
import { type Fields, isMetrics, useNightlyFunction } from './nightly-function.ts';

const test = useNightlyFunction();

describe('a backfill', () => {
  beforeEach(() =>
    uploadOrders(
      test.db,
      'seller',
      Array.from({ length: 12 }, (_, i) =>
        order({
          order_number: `${i}`,
          created_at: `2025-01-${String(i + 1).padStart(2, '0')}T10:00:00.000000Z`,
        }),
      ),
    ),
  );

  it('computes every day of the period and publishes an event for each', async () => {
    await emptyTables(test.pg, ['daily_order_stats']);
    const answer = await test.invoke({ from: '2025-01-01', to: '2025-01-14' });
    expect(answer).toMatchObject({ status: 'succeeded', days_computed: 13, drift_found: 12 });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(test.bus.events.map((event) => (event.detail as Fields).day)).toEqual(
      Array.from({ length: 13 }, (_, i) => `2025-01-${String(i + 1).padStart(2, '0')}`),
    );
  });

  it('computes the first day of all', async () => {
    await uploadOrders(test.db, 'seller', [
      order({ order_number: 'first', created_at: '1970-01-01T00:00:00.000000Z' }),
    ]);
    await emptyTables(test.pg, ['daily_order_stats']);
    expect(await test.invoke({ from: '1970-01-01', to: '1970-01-02' })).toMatchObject({
      days_computed: 1,
      drift_found: 1,
    });
  });

  it('counts as no nightly run', async () => {
    const lines = await test.logged(() => test.invoke({ from: '2025-01-01', to: '2025-01-03' }));
    expect(lines.find(isMetrics)).not.toHaveProperty('SuccessfulNights');
    expect(lines.find(isMetrics)).toHaveProperty('DriftFound', 0);
  });

  it('says how to go on when there is no time for all days', async () => {
    const answer = await test.invoke({ from: '2025-01-01', to: '2025-01-14' }, 60_000);
    expect(answer).toMatchObject({
      status: 'unfinished',
      days_computed: 0,
      next: { from: '2025-01-01', to: '2025-01-14' },
    });
    expect(await test.runs()).toMatchObject([{ status: 'unfinished', days_checked: 0 }]);
  });

  it('waits for a statement that begins late as long as its role may take', async () => {
    await test.pg.query('BEGIN; LOCK TABLE nightly_runs');
    const answer = test.invoke({ from: '2025-01-01', to: '2025-01-14' }, 30_000);
    await untilLockWaits(test.pg, 1);
    await test.pg.query('COMMIT');
    expect(await answer).toMatchObject({ status: 'unfinished', days_computed: 0 });
  });

  it('has published the days that it computed before one that fails', async () => {
    await test.pg.query(
      `ALTER TABLE proved_days ADD CONSTRAINT none CHECK (day <> '2025-01-03') NOT VALID`,
    );
    const period = { from: '2025-01-01', to: '2025-01-14' };
    await expect(test.invoke(period)).rejects.toThrow();
    await test.pg.query('ALTER TABLE proved_days DROP CONSTRAINT none');
    expect(test.bus.events.map(({ detail }) => (detail as Fields).day)).toEqual([
      '2025-01-01',
      '2025-01-02',
    ]);
  });

  it.each<[Moment, number]>([
    ['before', 4],
    ['after', 4],
    ['before', 2],
    ['after', 26],
  ])('that is killed %s its call %i leaves no half day, and is seen as not finished', async (moment, at) => {
    await uploadOrders(
      test.db,
      'other',
      orders(3, 'o', { created_at: '2025-01-03T10:00:00.000000Z' }),
    );
    await test.pg.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
    const planted = 13;

    const period = { from: '2025-01-01', to: '2025-01-14' };
    await invokeAndKill(period, at, moment);

    // The first call begins the run, then each day has two: the first computes it.
    const done = Math.floor((moment === 'before' ? at - 1 : at) / 2);
    const wrong = (await rollUpDifferences(test.pg)) as { day: string }[];
    expect(new Set(wrong.map(({ day }) => day)).size).toBe(12 - Math.min(done, 12));
    expect(wrong).toHaveLength(planted - driftOf(done));
    expect(await test.runs()).toMatchObject([{ status: 'running', drift_found: driftOf(done) }]);

    expect(await test.invoke(period)).toMatchObject({ drift_found: planted - driftOf(done) });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it.each([
    7, 8, 9,
  ])('that is killed after its call %i has told of its drift, or the next run does', async (at) => {
    await test.pg.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
    const told = await invokeAndKill({ from: '2025-01-01', to: '2025-01-04' }, at, 'after');
    await test.pg.query(`UPDATE nightly_runs SET started_at = now() - interval '17 minutes'`);
    const next = await test.logged(() => test.invoke({ from: '2025-01-01', to: '2025-01-02' }));
    const drifts = [...told, ...next].filter(isMetrics).map(({ DriftFound }) => DriftFound);
    expect(drifts).toContain(3);
  });

  /** What a run logs in a process that is killed at one of its calls. */
  async function invokeAndKill(
    period: { readonly from: string; readonly to: string },
    at: number,
    moment: Moment,
  ): Promise<Fields[]> {
    let kill = () => {};
    await using proxy = await killingProxy(inject('cloud').dataApiEndpoint, at, moment, () =>
      kill(),
    );
    const child = fork(join(import.meta.dirname, 'invoke.ts'), [JSON.stringify(period)], {
      env: { ...process.env, ...test.environment, AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint },
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    });
    kill = () => child.kill('SIGKILL');
    const [lines, ended] = await Promise.all([
      text(Readable.from(child.stdout ?? [])),
      once(child, 'exit'),
    ]);
    expect(ended).toEqual([null, 'SIGKILL']);
    return lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  /** How many rows were planted in the first so many days: one each, and two on the third. */
  const driftOf = (days: number) => Math.min(days, 12) + (days >= 3 ? 1 : 0);
});
