import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { retrying } from '../../db/data-api/retry.ts';
import { computeDay } from '../../db/stats/day-proof.ts';
import type { UploadedOrder } from '../../db/uploads/order-columns.ts';
import { uploadOrders } from '../../db/uploads/upload-orders.ts';
import { changesOf } from '../helpers/changes.ts';
import { useEmptyDatabase } from '../helpers/database.ts';
import { item, order, rollUpDifferences, storedOrders } from '../helpers/orders.ts';
import { DAY, endRun, startRun } from '../helpers/runs.ts';
import { stopBefore } from '../helpers/stop-point.ts';

const test = useEmptyDatabase();

/**
 * Begins `first`, stops it before it inserts into `table`,
 * does the whole of `second`, and lets it on.
 */
async function interleave<T>(
  table: string,
  first: () => Promise<T>,
  second: () => Promise<unknown>,
): Promise<T> {
  const stop = await stopBefore(test.url, 'INSERT', table);
  const done = first();
  await stop.reached();
  await second();
  await stop.letOn();
  return done;
}

/** The reasons for which an upload was tried again. */
async function upload(user: string, uploaded: readonly UploadedOrder[]): Promise<string[]> {
  const reasons: string[] = [];
  await retrying(() => uploadOrders(test.db, user, uploaded), {
    deadlineAt: Date.now() + 60_000,
    onRetry: ({ reason }) => reasons.push(reason),
  });
  return reasons;
}

const items = (count: number, sku: string) => Array.from({ length: count }, () => item({ sku }));

describe('an upload that another one overtakes', () => {
  const first = [order({ order_number: 'a', items: items(2, 'first') })];
  const second = [order({ order_number: 'a', items: items(5, 'second'), status: 'paid' })];

  const both = [...first, order({ order_number: 'b' })];

  it.each([
    ['an order that is new to it', [], first],
    [
      'an order that has changed',
      [[order({ order_number: 'a', items: items(1, 'before') })]],
      first,
    ],
    ['a change of what it has found unchanged', [first], both],
  ])('meets %s, and is done anew as a whole', async (_what, before, sent) => {
    for (const stored of before) await upload('seller', stored);
    const reasons = await interleave(
      'orders',
      () => upload('seller', sent),
      () => upload('seller', second),
    );
    expect(reasons).toEqual(['conflict']);
    expect(await storedOrders(test.pg, 'seller')).toEqual(sent);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it("meets an order that is another seller's since, and is refused", async () => {
    const refused = interleave(
      'orders',
      () => upload('seller', both),
      () => upload('other', second),
    );
    await expect(refused).rejects.toMatchObject({ orderNumbers: ['a'] });
    expect(await storedOrders(test.pg, 'seller')).toEqual([]);
    expect(await storedOrders(test.pg, 'other')).toEqual(second);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

async function findings(): Promise<number[]> {
  const { rows } = await test.pg.query<{ found: number }>(
    'SELECT drift_found::int AS found FROM nightly_runs ORDER BY drift_found',
  );
  return rows.map(({ found }) => found);
}

describe('a proof of a day that another one overtakes', () => {
  it.each([
    ['for the first time', 0],
    ['again', 1],
  ])('adds no difference a second time when the day is proved %s', async (_when, proofs) => {
    await upload('seller', [order({ order_number: 'a' })]);
    for (let proof = 0; proof < proofs; proof++) await computeDay(test.db, DAY, randomUUID());
    await test.pg.query('UPDATE daily_order_stats SET orders_count = 7, total_revenue = 9.99');
    const runs = [await startRun(test.db), await startRun(test.db)] as const;
    await interleave(
      'proved_days',
      () => computeDay(test.db, DAY, runs[0]),
      () => computeDay(test.db, DAY, runs[1]),
    );
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await findings()).toEqual([0, 1]);
  });
});

describe('a proof of a day that an upload overtakes', () => {
  it.each([
    ['7.00'],
    ['0.00'],
  ])('leaves a row that it found empty and an order of %s has filled', async (total_amount) => {
    await upload('seller', [order({ order_number: 'moved' })]);
    const moved = order({ order_number: 'moved', created_at: '2025-11-14T10:00:00.000000Z' });
    await upload('seller', [moved]); // leaves a row of zeros
    const run = await startRun(test.db);
    await interleave(
      'proved_days',
      () => computeDay(test.db, DAY, run),
      () => upload('seller', [order({ order_number: 'fills', total_amount })]),
    );
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await findings()).toEqual([0]);
  });

  it.each([
    ['deletes', async () => changesOf(test).remove(['a'])],
    ['creates again', async (deletion: string | null) => changesOf(test).undo(deletion)],
  ])('finds nothing wrong with a row whose order a request %s', async (what, change) => {
    await upload('seller', [order({ order_number: 'a' }), order({ order_number: 'b' })]);
    const isAgain = what === 'creates again';
    const upload_id = isAgain ? (await changesOf(test).remove(['a'])).upload_id : null;
    const run = await startRun(test.db);
    await interleave(
      'proved_days',
      () => computeDay(test.db, DAY, run),
      () => change(upload_id),
    );
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await findings()).toEqual([0]);
  });

  it('adds the difference that it found to what the upload has made of the row', async () => {
    await upload('seller', [order({ order_number: 'a', total_amount: '5.00' })]);
    await test.pg.query('UPDATE daily_order_stats SET orders_count = 3, total_revenue = 1');
    const run = await startRun(test.db);
    await interleave(
      'proved_days',
      () => computeDay(test.db, DAY, run),
      () => upload('seller', [order({ order_number: 'b', total_amount: '7.00' })]),
    );
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await endRun(test.db, run)).toMatchObject({ drift_found: 1, drift_repaired: 1 });
  });
});
