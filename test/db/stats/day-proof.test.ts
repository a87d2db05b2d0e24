import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { retrying } from '../../../db/data-api/retry.ts';
import { computeDay } from '../../../db/stats/day-proof.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { seededRandom } from '../../../local/seeded-random.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { emptyTables, RUNS, SELLERS } from '../../helpers/empty-tables.ts';
import { order, rollUpDifferences } from '../../helpers/orders.ts';
import { DAY, endRun, startRun } from '../../helpers/runs.ts';

const test = useEmptyDatabase();

const untilDone = <T>(work: () => Promise<T>) =>
  retrying(work, { deadlineAt: Date.now() + 60_000 });

const compute = (runId: string, day = DAY) => untilDone(() => computeDay(test.db, day, runId));

async function rollUp(): Promise<string[]> {
  const { rows } = await test.pg.query<{ row: string }>(
    `SELECT concat_ws(' ', day, status, orders_count, total_revenue) AS row
     FROM daily_order_stats ORDER BY 1`,
  );
  return rows.map(({ row }) => row);
}

describe('computeDay', () => {
  beforeEach(() =>
    uploadOrders(test.db, 'seller', [
      order({ order_number: '1', total_amount: '10.00' }),
      order({ order_number: '2', total_amount: '0.01', status: 'paid' }),
      order({ order_number: '3', created_at: '2025-11-11T23:59:59.999999Z' }),
      order({ order_number: '4', created_at: '2025-11-13T00:00:00.000000Z' }),
    ]),
  );

  it("answers what all sellers' orders of the day come to, and changes nothing that is right", async () => {
    await uploadOrders(test.db, 'other', [order({ order_number: '5', total_amount: '-3.00' })]);
    const before = await test.pg.query('SELECT xmin, ctid, * FROM daily_order_stats ORDER BY ctid');
    expect(await compute(await startRun(test.db))).toEqual({
      proved: true,
      orders_count: 3,
      total_revenue: '7.01',
      sellers_count: 2,
      rows_count: 3,
      drift_found: 0,
      drift_examples: '[]',
    });
    const after = await test.pg.query('SELECT xmin, ctid, * FROM daily_order_stats ORDER BY ctid');
    expect(after.rows).toEqual(before.rows);
  });

  it.each([
    ['a wrong sum', `UPDATE daily_order_stats SET total_revenue = 0 WHERE status = 'paid'`, 1],
    ['a wrong count', `UPDATE daily_order_stats SET orders_count = 7 WHERE day = '${DAY}'`, 2],
    ['a missing row', `DELETE FROM daily_order_stats WHERE day = '${DAY}'`, 2],
    [
      'a row too many',
      `INSERT INTO daily_order_stats SELECT id, '${DAY}', 'lost', 1, 1.00 FROM users`,
      1,
    ],
    [
      'a row of no orders and some revenue',
      `INSERT INTO daily_order_stats SELECT id, '${DAY}', 'lost', 0, 1.00 FROM users`,
      1,
    ],
    [
      'a row of some orders and no revenue',
      `INSERT INTO daily_order_stats SELECT id, '${DAY}', 'lost', 1, 0.00 FROM users`,
      1,
    ],
    [
      'a row of zeros where there are orders',
      `UPDATE daily_order_stats SET orders_count = 0, total_revenue = 0 WHERE status = 'paid'`,
      1,
    ],
  ])('finds %s, repairs it and counts it once in its run', async (_what, plant, rows) => {
    await test.pg.query(plant);
    const run = await startRun(test.db);
    expect(await compute(run)).toMatchObject({ drift_found: rows });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await compute(run)).toMatchObject({ drift_found: 0 });
    expect(await endRun(test.db, run)).toMatchObject({ drift_found: rows, drift_repaired: rows });
  });

  it('tells how far the rows were off', async () => {
    await test.pg.query(`UPDATE daily_order_stats SET orders_count = 3, total_revenue = 9.99`);
    const { drift_examples } = await compute(await startRun(test.db));
    expect(JSON.parse(drift_examples)).toContainEqual({
      user_id: expect.any(Number),
      status: 'delivered',
      orders_count: -2,
      total_revenue: '0.01',
    });
  });

  it('leaves other days alone', async () => {
    await test.pg.query(`UPDATE daily_order_stats SET total_revenue = 1 WHERE day <> '${DAY}'`);
    expect(await compute(await startRun(test.db))).toMatchObject({ drift_found: 0 });
    expect(await rollUpDifferences(test.pg)).toHaveLength(2);
  });

  it('deletes the zeros of a day whose orders have moved away', async () => {
    const moved = ['1', '2'].map((order_number) =>
      order({ order_number, created_at: '2025-11-14T10:00:00.000000Z' }),
    );
    await uploadOrders(test.db, 'seller', moved);
    expect(await rollUp()).toContain(`${DAY} delivered 0 0.00`);
    expect(await compute(await startRun(test.db))).toMatchObject({
      orders_count: 0,
      drift_found: 0,
    });
    expect((await rollUp()).filter((row) => row.startsWith(DAY))).toEqual([]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('counts a drift once when the answer of the repair is lost', async () => {
    await test.pg.query(`UPDATE daily_order_stats SET orders_count = 9 WHERE status = 'paid'`);
    const run = await startRun(test.db);
    const lost = computeDay(test.db, DAY, run); // whoever asked for it never hears of it
    await lost;
    expect(await compute(run)).toMatchObject({ drift_found: 0, orders_count: 2 });
    expect(await endRun(test.db, run)).toMatchObject({ drift_found: 1, drift_repaired: 1 });
  });
});

describe('two runs and a stream of uploads', () => {
  it('leave the roll-up equal to the orders, with every planted drift counted once', async () => {
    const days = [0, 1, 2].map((n) => `2025-11-1${n}`);
    let planted = 0;
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        ['a', 'b', 'c'].map((user, i) =>
          uploadOrders(test.db, user, someOrders(user, seededRandom(100 * round + i))),
        ),
      );
      const { rowCount } = await test.pg.query(
        `UPDATE daily_order_stats SET orders_count = orders_count + 1, total_revenue = total_revenue - 5
         WHERE (user_id + (day - date '2025-11-10')) % 2 = $1`,
        [round % 2],
      );
      planted += rowCount ?? 0;
      const runs = [await startRun(test.db), await startRun(test.db)];
      const uploads = Array.from({ length: 12 }, async (_, i) => {
        const user = 'abc'[i % 3]!;
        const next = seededRandom(100 * round + 50 + i); // of its own, whoever else comes between
        for (let n = 0; n < 4; n++) {
          const uploaded = someOrders(user, next);
          await untilDone(() => uploadOrders(test.db, user, uploaded));
        }
      });
      const proofs = runs.map(async (run) => {
        for (const day of days) await compute(run, day);
      });
      await Promise.all([...uploads, ...proofs]);
      expect(await rollUpDifferences(test.pg)).toEqual([]);
      for (const run of runs) await endRun(test.db, run);
    }
    const { rows } = await test.pg.query(
      'SELECT sum(drift_found)::int AS found, sum(drift_repaired)::int AS repaired FROM nightly_runs',
    );
    expect(rows).toEqual([{ found: planted, repaired: planted }]);
  });

  it('agree with a recomputation whatever is uploaded and planted in between', async () => {
    const step = fc.oneof(
      fc.record({ upload: fc.array(anOrder, { minLength: 1, maxLength: 4 }) }),
      fc.record({
        plant: fc.record({
          day: aDay,
          status: aStatus,
          count: fc.integer({ min: -2, max: 2 }),
          revenue: anAmount,
        }),
      }),
      fc.record({ prove: aDay }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        await emptyTables(test.pg, [...SELLERS, ...RUNS]);
        const run = await startRun(test.db);
        for (const each of steps) {
          if ('upload' in each) {
            const distinct = new Map(each.upload.map((one) => [one.order_number, one]));
            await uploadOrders(test.db, 'seller', [...distinct.values()]);
          } else if ('plant' in each) {
            const { day, status, count, revenue } = each.plant;
            await test.pg.query(
              `INSERT INTO daily_order_stats AS d SELECT id, $1, $2, $3, $4 FROM users
               ON CONFLICT (user_id, day, status) DO UPDATE SET
                 orders_count = excluded.orders_count, total_revenue = excluded.total_revenue`,
              [day, status, count, revenue],
            );
          } else await compute(run, each.prove);
        }
        for (const day of DAYS) await compute(run, day);
        expect(await rollUpDifferences(test.pg)).toEqual([]);
        for (const day of DAYS) expect(await compute(run, day)).toMatchObject({ drift_found: 0 });
      }),
      { numRuns: 25 },
    );
  });
});

const DAYS = ['2025-11-12', '2025-11-13'];
const aDay = fc.constantFrom(...DAYS);
const aStatus = fc.constantFrom('new', 'paid');
const anAmount = fc.constantFrom('2500.00', '-0.01', '9999999999.99', '0.00');
const anOrder: fc.Arbitrary<UploadedOrder> = fc
  .record({
    order_number: fc.constantFrom('1', '2', '3'),
    day: aDay,
    total_amount: anAmount,
    status: aStatus,
  })
  .map(({ day, ...fields }) =>
    order({ created_at: `${day}T10:00:00.000000Z`, items: [], ...fields }),
  );

/** Ten of a seller's thirty orders, each on one of three days, with some status and amount. */
function someOrders(user: string, next: () => number): UploadedOrder[] {
  const random = (below: number) => Math.floor(next() * below);
  const first = random(21);
  return Array.from({ length: 10 }, (_, i) =>
    order({
      order_number: `${user}${first + i}`,
      created_at: `2025-11-1${random(3)}T10:00:00.000000Z`,
      status: `status ${random(2)}`,
      total_amount: `${random(1_000)}.00`,
      items: [],
    }),
  );
}
