import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { EVENT_BUS_NAME } from '../../../functions/nightly/env.ts';
import { KEEP_VERSIONS_DAYS, METRICS_NAMESPACE } from '../../../functions/shared/env.ts';
import { type EventBusServer, startEventBus } from '../../../local/event-bus/server.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { order, orders, rollUpDifferences } from '../../helpers/orders.ts';
import { killingProxy, type Moment } from './killing-proxy.ts';

type Fields = Record<string, unknown>;

const test = useEmptyDatabase();
let bus: EventBusServer;
const buses = ['nightly'];
const lines: string[] = [];
let environment: Record<string, string>;
let invoke: (input: unknown, remainingMs?: number) => Promise<Fields>;

beforeAll(async () => {
  bus = await startEventBus({ buses });
  environment = {
    ...test.environmentOf('daily_stats'),
    AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint,
    [EVENT_BUS_NAME]: 'nightly',
    [KEEP_VERSIONS_DAYS]: '400',
    [METRICS_NAMESPACE]: 'order-analytics-test',
    POWERTOOLS_SERVICE_NAME: 'nightly',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_DISABLED: 'false',
  };
  Object.assign(process.env, environment);
  const { handler } = await import('../../../functions/nightly/handler.ts');
  invoke = async (input, remainingMs = 900_000) => ({
    ...(await handler(input, lambdaContext(remainingMs))),
  });
});
afterAll(() => bus[Symbol.asyncDispose]());
beforeEach(async () => {
  lines.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => Boolean(lines.push(String(text))));
  }
  (bus.events as unknown[]).length = 0;
});

const NIGHT = { scheduled_time: '2025-11-13T00:15:00Z' };

/** What an invocation writes to its log, parsed; also when it fails. */
async function logged(work: () => Promise<unknown>): Promise<Fields[]> {
  await work().catch(() => {});
  return lines.splice(0).map((line) => JSON.parse(line) as Fields);
}

const runs = async () =>
  (
    await test.pg.query<Fields>(
      `SELECT kind, period_from::text AS "from", period_to::text AS "to", status, days_checked,
         rows_checked::int, drift_found::int, drift_repaired::int
       FROM nightly_runs ORDER BY started_at`,
    )
  ).rows;

const isMetrics = (line: Fields) => '_aws' in line;

describe('a nightly run', () => {
  beforeEach(() =>
    uploadOrders(test.db, 'seller', [
      order({ order_number: '1', total_amount: '10.00' }),
      order({ order_number: '2', total_amount: '0.01', status: 'paid' }),
      order({ order_number: '3', created_at: '2025-11-11T23:59:59.999999Z' }),
    ]),
  );

  it('deletes former versions of orders that are older than the stage keeps them', async () => {
    for (const status of ['one', 'two', 'three']) {
      await uploadOrders(test.db, 'seller', [order({ order_number: '1', status })]);
    }
    await test.pg.query(`
      UPDATE order_versions SET replaced_at = now() - interval '400 days 1 hour' WHERE version = 1;
      UPDATE order_versions SET replaced_at = now() - interval '399 days' WHERE version = 2`);
    const log = await logged(() => invoke(NIGHT));
    expect(log.find(({ message }) => message === 'daily stats succeeded')).toMatchObject({
      versions_pruned: 1,
    });
    const { rows } = await test.pg.query('SELECT version FROM order_versions ORDER BY version');
    expect(rows).toEqual([{ version: 2 }, { version: 3 }]);
  });

  it('computes the day before the scheduled time, however late it is, and records it', async () => {
    expect(await invoke(NIGHT)).toEqual({
      run: expect.any(String),
      status: 'succeeded',
      days_computed: 1,
      drift_found: 0,
    });
    expect(await runs()).toEqual([
      {
        kind: 'night',
        from: '2025-11-12',
        to: '2025-11-13',
        status: 'succeeded',
        days_checked: 2, // the 11th as a sample of older days
        rows_checked: 3,
        drift_found: 0,
        drift_repaired: 0,
      },
    ]);
  });

  it("publishes one event with the day's totals", async () => {
    const { run } = await invoke(NIGHT);
    expect(bus.events).toEqual([
      {
        id: expect.any(String),
        bus: 'nightly',
        source: 'order-analytics',
        detailType: 'DailyOrderStatsComputed',
        detail: {
          day: '2025-11-12',
          orders_count: 2,
          total_revenue: '10.01',
          sellers_count: 1,
          run,
          kind: 'night',
        },
        resources: [],
      },
    ]);
  });

  it('logs one line, and metrics in the embedded format', async () => {
    const lines = await logged(() => invoke(NIGHT));
    expect(lines.filter((line) => !isMetrics(line))).toEqual([
      expect.objectContaining({
        level: 'INFO',
        message: 'daily stats succeeded',
        from: '2025-11-12',
        days_checked: 2,
        drift_found: 0,
        duration_ms: expect.any(Number),
      }),
    ]);
    expect(lines.filter(isMetrics)).toEqual([
      expect.objectContaining({
        service: 'nightly',
        SuccessfulNights: 1,
        FailedRuns: 0,
        Orders: 2,
        Revenue: 10.01,
        Sellers: 1,
        DriftFound: 0,
        DriftRepaired: 0,
      }),
    ]);
    expect(lines.find(isMetrics)).toMatchObject({
      _aws: {
        CloudWatchMetrics: [{ Namespace: 'order-analytics-test', Dimensions: [['service']] }],
      },
    });
  });

  it('finds, repairs, logs and counts a drift of its day and of an older one exactly once', async () => {
    await test.pg.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
    const first = await logged(() => invoke(NIGHT));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(first.find(isMetrics)).toMatchObject({ DriftFound: 3, DriftRepaired: 3 });
    expect(first.filter((line) => line.level === 'WARN')).toEqual([
      expect.objectContaining({
        drift_found: 3,
        drift: [
          expect.objectContaining({ day: '2025-11-12', drift_found: 2 }),
          expect.objectContaining({ day: '2025-11-11', drift_found: 1 }),
        ],
      }),
    ]);
    const again = await logged(() => invoke(NIGHT));
    expect(again.find(isMetrics)).toMatchObject({ DriftFound: 0, DriftRepaired: 0 });
    expect((await runs()).map((run) => run.drift_found)).toEqual([3, 0]);
  });

  it('finds, marks, logs and counts orders with other items than were uploaded once', async () => {
    const { rows } = await test.pg.query(
      `DELETE FROM order_items USING orders WHERE id = order_id AND line_no = 2
         AND order_number IN ('2', '3') RETURNING id::int AS order_id, 1 AS items_stored`,
    );
    const first = await logged(() => invoke(NIGHT));
    expect(first.find(isMetrics)).toMatchObject({ OrdersDamaged: 2, DriftFound: 0 });
    expect(first.filter((line) => line.level === 'WARN')).toEqual([
      expect.objectContaining({
        orders_checked: 3,
        orders_damaged: 2,
        damaged: expect.arrayContaining(rows),
      }),
    ]);
    expect(await invoke(NIGHT)).not.toHaveProperty('orders_damaged');
    const recorded = await test.pg.query(
      `SELECT orders_checked::int, orders_damaged::int FROM nightly_runs ORDER BY started_at`,
    );
    expect(recorded.rows).toEqual([
      { orders_checked: 3, orders_damaged: 2 },
      { orders_checked: 3, orders_damaged: 0 },
    ]);
  });

  it('answers how many orders have other items than were uploaded', async () => {
    await test.pg.query('DELETE FROM order_items');
    expect(await invoke(NIGHT)).toMatchObject({ status: 'succeeded', orders_damaged: 3 });
  });

  it('is recorded as failed, with its drift, when its event is refused', async () => {
    await test.pg.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
    buses.length = 0;
    const lines = await logged(() => invoke(NIGHT));
    buses.push('nightly');
    expect(await runs()).toMatchObject([{ status: 'failed', days_checked: 2, drift_found: 3 }]);
    expect(lines.find((line) => line.level === 'ERROR')).toMatchObject({
      message: 'daily stats failed',
    });
    expect(lines.find(isMetrics)).toMatchObject({ FailedRuns: 1, DriftFound: 3 });
    expect(lines.find(isMetrics)).not.toHaveProperty('SuccessfulNights');
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('does its day and leaves the sample when time is short', async () => {
    expect(await invoke(NIGHT, 61_500)).toMatchObject({ status: 'succeeded', days_computed: 1 });
  });
});

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
    await test.pg.query('TRUNCATE daily_order_stats');
    const answer = await invoke({ from: '2025-01-01', to: '2025-01-14' });
    expect(answer).toMatchObject({ status: 'succeeded', days_computed: 13, drift_found: 12 });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(bus.events.map((event) => (event.detail as Fields).day)).toEqual(
      Array.from({ length: 13 }, (_, i) => `2025-01-${String(i + 1).padStart(2, '0')}`),
    );
  });

  it('computes the last day of all', async () => {
    await uploadOrders(test.db, 'seller', [
      order({ order_number: 'last', created_at: '9999-12-31T23:59:59.999999Z' }),
    ]);
    await test.pg.query('TRUNCATE daily_order_stats');
    expect(await invoke({ from: '9999-12-31', to: '10000-01-01' })).toMatchObject({
      days_computed: 1,
      drift_found: 1,
    });
  });

  it('counts as no nightly run', async () => {
    const lines = await logged(() => invoke({ from: '2025-01-01', to: '2025-01-03' }));
    expect(lines.find(isMetrics)).not.toHaveProperty('SuccessfulNights');
    expect(lines.find(isMetrics)).toHaveProperty('DriftFound', 0);
  });

  it('says how to go on when there is no time for all days', async () => {
    const answer = await invoke({ from: '2025-01-01', to: '2025-01-14' }, 60_000);
    expect(answer).toMatchObject({
      status: 'unfinished',
      days_computed: 0,
      next: { from: '2025-01-01', to: '2025-01-14' },
    });
    expect(await runs()).toMatchObject([{ status: 'unfinished', days_checked: 0 }]);
  });

  it.each<[Moment, number]>([
    ['before', 4],
    ['after', 4],
    ['before', 2],
    ['after', 14],
  ])('that is killed %s its call %i leaves no half day, and is seen as not finished', async (moment, at) => {
    await uploadOrders(
      test.db,
      'other',
      orders(3, 'o', { created_at: '2025-01-03T10:00:00.000000Z' }),
    );
    await test.pg.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
    const planted = 13;

    const period = { from: '2025-01-01', to: '2025-01-14' };
    let kill = () => {};
    await using proxy = await killingProxy(inject('cloud').dataApiEndpoint, at, moment, () =>
      kill(),
    );
    const child = fork(join(import.meta.dirname, 'invoke.ts'), [JSON.stringify(period)], {
      env: { ...process.env, ...environment, AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint },
      stdio: 'ignore',
    });
    kill = () => child.kill('SIGKILL');
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);

    const begun = at - 1; // the first call begins the run, each of the others is a day
    const done = moment === 'before' ? begun - 1 : begun;
    const wrong = (await rollUpDifferences(test.pg)) as { day: string }[];
    expect(new Set(wrong.map(({ day }) => day)).size).toBe(12 - Math.min(done, 12));
    expect(wrong).toHaveLength(planted - driftOf(done));
    expect(await runs()).toMatchObject([{ status: 'running', drift_found: driftOf(done) }]);

    expect(await invoke(period)).toMatchObject({ drift_found: planted - driftOf(done) });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  /** How many rows were planted in the first so many days: one each, and two on the third. */
  const driftOf = (days: number) => Math.min(days, 12) + (days >= 3 ? 1 : 0);
});

describe('an input that is neither', () => {
  it.each([
    [undefined],
    [{}],
    [{ scheduled_time: '2025-11-13' }],
    [{ scheduled_time: '<aws.scheduler.scheduled-time>' }],
    [{ from: '2025-01-01' }],
    [{ from: '2025-02-30', to: '2025-03-02' }],
    [{ from: '2025-01-02', to: '2025-01-02' }],
    [{ from: '9999-12-31', to: '10000-01-02' }],
    [{ from: '2025-01-01', to: '2025-01-02', dry_run: true }],
  ])('%j is refused and recorded nowhere', async (input) => {
    await expect(invoke(input)).rejects.toMatchObject({ name: 'InvalidInputError' });
    expect(await runs()).toEqual([]);
  });
});
