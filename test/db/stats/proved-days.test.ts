import { describe, expect, it } from 'vitest';
import { retrying } from '../../../db/data-api/retry.ts';
import { computeDay } from '../../../db/stats/day-proof.ts';
import { leaveDay, listDaysToProve } from '../../../db/stats/proved-days.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { emptyTables } from '../../helpers/empty-tables.ts';
import { order, rollUpDifferences } from '../../helpers/orders.ts';
import { DAY, startRun } from '../../helpers/runs.ts';

const test = useEmptyDatabase();

const compute = (runId: string, day = DAY) =>
  retrying(() => computeDay(test.db, day, runId), { deadlineAt: Date.now() + 60_000 });

describe('listDaysToProve', () => {
  it('takes a 28th of the days since the first orders, those longest unproved first', async () => {
    await uploadOrders(test.db, 'seller', [order({ created_at: '2025-01-01T00:00:00.000000Z' })]);
    expect(await listDaysToProve(test.db, '2025-02-26')).toEqual(['2025-01-01', '2025-01-02']);
    const run = await startRun(test.db);
    for (const day of ['2025-01-01', '2025-01-03', '2025-01-02']) await compute(run, day);
    expect(await listDaysToProve(test.db, '2025-02-27')).toEqual([
      '2025-01-04',
      '2025-01-05',
      '2025-01-06',
    ]);
  });

  it('gives every day its turn within 28 nightly runs, and a day without a row in the roll-up, too', async () => {
    await uploadOrders(test.db, 'seller', [order({ created_at: '2025-01-01T00:00:00.000000Z' })]);
    await emptyTables(test.pg, ['daily_order_stats']);
    const run = await startRun(test.db);
    const proved = new Set<string>();
    for (let turn = 0; turn < 28; turn++) {
      for (const day of await listDaysToProve(test.db, '2025-04-01')) {
        proved.add(day);
        await compute(run, day);
      }
    }
    expect(proved.size).toBe(90);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('begins with the first day of the roll-up where that is before all orders', async () => {
    await uploadOrders(test.db, 'seller', [order({ created_at: '2025-01-03T00:00:00.000000Z' })]);
    await test.pg.query(
      `INSERT INTO daily_order_stats SELECT id, '2025-01-01', 'lost', 1, 1.00 FROM users`,
    );
    const [first] = await listDaysToProve(test.db, DAY);
    expect(first).toBe('2025-01-01');
    await compute(await startRun(test.db), first);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('takes a day for unproved that was proved before it ended', async () => {
    await uploadOrders(test.db, 'seller', [order({ created_at: '2025-11-10T00:00:00.000000Z' })]);
    const run = await startRun(test.db);
    for (const day of ['2025-11-10', '2025-11-11', '2025-11-12']) await compute(run, day);
    await test.pg.query(`
      UPDATE proved_days SET proved_at = '2025-11-11T23:59:59Z', items_proved_at = '2025-11-11T23:59:59Z'
      WHERE day = '2025-11-11'`);
    expect(await listDaysToProve(test.db, '2025-11-13')).toEqual(['2025-11-11']);
    await test.pg.query(`UPDATE proved_days SET items_proved_at = '2025-11-13T00:15:00Z'`);
    expect(await listDaysToProve(test.db, '2025-11-13')).toEqual(['2025-11-11']);
  });

  it('takes a day that has failed in its turn again, as if it were proved', async () => {
    await uploadOrders(test.db, 'seller', [order({ created_at: '2025-11-10T00:00:00.000000Z' })]);
    const run = await startRun(test.db);
    await leaveDay(test.db, '2025-11-10'); // before its first proof
    await compute(run, '2025-11-11');
    await leaveDay(test.db, '2025-11-11');
    expect(await listDaysToProve(test.db, '2025-11-13')).toEqual(['2025-11-12']);
    await leaveDay(test.db, '2025-11-12');
    expect(await listDaysToProve(test.db, '2025-11-13')).toEqual(['2025-11-10']);
    expect(await compute(run, '2025-11-10')).toMatchObject({ proved: true });
  });

  it('is empty without orders', async () => {
    expect(await listDaysToProve(test.db, DAY)).toEqual([]);
  });
});
