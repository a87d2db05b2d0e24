import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { order } from '../../helpers/orders.ts';

const test = useEmptyDatabase();
const seller = () => changesOf(test);
const o = (order_number: string, status = 'new') => order({ order_number, status });

const ORDER = 'SELECT FROM orders WHERE order_number = $1 FOR UPDATE NOWAIT';
const DAY = 'SELECT FROM daily_order_stats WHERE day = $1 FOR UPDATE NOWAIT';

/**
 * What `work` comes to, which finds the first row locked, and is seen to wait for it without having
 * locked the others: who has the first one and wants another would wait for `work`, and it for him.
 *
 * @param lock a statement that locks the row of a key, or fails
 */
async function waitingForFirst<T>(
  lock: string,
  [first, ...others]: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const rival = new pg.Client(test.url);
  await rival.connect();
  onTestFinished(() => rival.end());
  await rival.query('BEGIN');
  await rival.query(lock, [first]);
  const done = work();
  await untilLockWaits(test.pg, 1);
  const locking = (async () => {
    for (const other of others) await rival.query(lock, [other]);
  })();
  const refused = await locking.catch((error: Error) => error);
  await rival.query('ROLLBACK');
  const outcome = await done;
  expect(refused).toBeUndefined();
  return outcome;
}

describe('orders are locked by their numbers, as an upload locks them', () => {
  it('by a deletion', async () => {
    await seller().upload(o('b')); // with the lesser id, by which orders are found
    await seller().upload(o('a'));
    const done = await waitingForFirst(ORDER, ['a', 'b'], () => seller().remove(['b', 'a']));
    expect(done).toMatchObject({ orders_deleted: 2 });
  });

  it('by an undoing that restores one and removes the other', async () => {
    await seller().upload(o('a'));
    const { upload_id } = await seller().upload(o('a', 'x'), o('b'));
    const done = await waitingForFirst(ORDER, ['a', 'b'], () => seller().undo(upload_id));
    expect(done).toMatchObject({ orders_restored: 1, orders_removed: 1 });
  });
});

describe('the roll-up is locked by its days', () => {
  it('by a deletion', async () => {
    const days = Array.from({ length: 20 }, (_, i) => `2025-11-${10 + i}`);
    const stored = days.map((day, i) =>
      order({ order_number: `${99 - i}`, created_at: `${day}T10:00:00.000000Z` }),
    );
    await seller().upload(...stored);
    const numbers = stored.map(({ order_number }) => order_number);
    const done = await waitingForFirst(DAY, days, () => seller().remove(numbers));
    expect(done).toMatchObject({ orders_deleted: 20 });
  });
});
