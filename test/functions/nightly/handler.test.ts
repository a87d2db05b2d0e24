import { beforeEach, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { order, rollUpDifferences } from '../../helpers/orders.ts';
import { isMetrics, useNightlyFunction } from './nightly-function.ts';

const test = useNightlyFunction();

const NIGHT = { scheduled_time: '2025-11-13T00:15:00Z' };

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
      UPDATE order_versions SET replaced_at = now() - interval '399 days' WHERE version = 2;
      UPDATE uploads SET id = uuidv7(interval '-399 days')
        WHERE xid = (SELECT replaced_xid FROM order_versions WHERE version = 2);
      UPDATE uploads SET id = uuidv7(interval '-400 days -1 hour')
        WHERE xid = (SELECT replaced_xid FROM order_versions WHERE version = 1)`);
    const log = await test.logged(() => test.invoke(NIGHT));
    expect(log.find(({ message }) => message === 'daily stats succeeded')).toMatchObject({
      versions_pruned: 1,
    });
    const { rows } = await test.pg.query('SELECT version FROM order_versions ORDER BY version');
    expect(rows).toEqual([{ version: 2 }, { version: 3 }]);
  });

  it('deletes refusals that are older than thirty days', async () => {
    await test.pg.query(`
      INSERT INTO upload_refusals (user_id, day, code, status, key_id, request_id, pointer, errors_count)
      SELECT id, (now() AT TIME ZONE 'UTC')::date - age, 'taken', 409, 'key', 'request', '', 1
      FROM users, unnest('{0, 29, 32, 40}'::integer[]) AS age`);
    const log = await test.logged(() => test.invoke(NIGHT));
    expect(log.find(({ message }) => message === 'daily stats succeeded')).toMatchObject({
      refusals_pruned: 2,
    });
    const { rows } = await test.pg.query('SELECT FROM upload_refusals');
    expect(rows).toHaveLength(2);
    const backfill = { from: '2025-11-12', to: '2025-11-13' };
    await test.pg.query('UPDATE upload_refusals SET day = day - 40');
    await test.invoke(backfill);
    expect((await test.pg.query('SELECT FROM upload_refusals')).rows).toHaveLength(2);
  });

  it('computes the day before the scheduled time, however late it is, and records it', async () => {
    expect(await test.invoke(NIGHT)).toEqual({
      run: expect.any(String),
      status: 'succeeded',
      days_computed: 1,
      drift_found: 0,
    });
    expect(await test.runs()).toEqual([
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
    const { run } = await test.invoke(NIGHT);
    expect(test.bus.events).toEqual([
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
    const lines = await test.logged(() => test.invoke(NIGHT));
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
    const first = await test.logged(() => test.invoke(NIGHT));
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
    const again = await test.logged(() => test.invoke(NIGHT));
    expect(again.find(isMetrics)).toMatchObject({ DriftFound: 0, DriftRepaired: 0 });
    expect((await test.runs()).map((run) => run.drift_found)).toEqual([3, 0]);
  });

  it('finds, marks, logs and counts orders with other items than were uploaded once', async () => {
    const { rows } = await test.pg.query(
      `DELETE FROM order_items USING orders WHERE id = order_id AND line_no = 2
         AND order_number IN ('2', '3') RETURNING id::int AS order_id, 1 AS items_stored`,
    );
    const first = await test.logged(() => test.invoke(NIGHT));
    expect(first.find(isMetrics)).toMatchObject({ OrdersDamaged: 2, DriftFound: 0 });
    expect(first.filter((line) => line.level === 'WARN')).toEqual([
      expect.objectContaining({
        orders_checked: 3,
        orders_damaged: 2,
        damaged: expect.arrayContaining(rows),
      }),
    ]);
    expect(await test.invoke(NIGHT)).not.toHaveProperty('orders_damaged');
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
    expect(await test.invoke(NIGHT)).toMatchObject({ status: 'succeeded', orders_damaged: 3 });
  });

  it('is recorded as failed, with its drift, when its event is refused', async () => {
    await test.pg.query('UPDATE daily_order_stats SET orders_count = orders_count + 1');
    test.buses.length = 0;
    const lines = await test.logged(() => test.invoke(NIGHT));
    test.buses.push('nightly');
    expect(await test.runs()).toMatchObject([
      { status: 'failed', days_checked: 1, drift_found: 2 },
    ]);
    expect(lines.find((line) => line.level === 'ERROR')).toMatchObject({
      message: 'daily stats failed',
    });
    expect(lines.find(isMetrics)).toMatchObject({ FailedRuns: 1, DriftFound: 2 });
    expect(lines.find(isMetrics)).not.toHaveProperty('SuccessfulNights');
    expect(await rollUpDifferences(test.pg)).toHaveLength(1); // nothing was done after that
  });

  it.each([
    61_500, 30_000,
  ])('does its day and leaves the sample when time is short: %i ms', async (remainingMs) => {
    expect(await test.invoke(NIGHT, remainingMs)).toMatchObject({
      status: 'succeeded',
      days_computed: 1,
    });
  });
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
    [{ from: '9999-12-31', to: '10000-01-01' }],
    [{ scheduled_time: '9999-12-31T00:15:00Z' }],
    [{ from: '2025-01-01', to: '2025-01-02', dry_run: true }],
  ])('%j is refused and recorded nowhere', async (input) => {
    await expect(test.invoke(input)).rejects.toMatchObject({ name: 'InvalidInputError' });
    expect(await test.runs()).toEqual([]);
  });
});
