import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { order } from '../../helpers/orders.ts';

const test = useEmptyDatabase();
const seller = () => changesOf(test);
const o = (order_number: string, status = 'new') => order({ order_number, status });

/**
 * What `work` comes to, which finds order `a` locked, and is seen to wait for it without having
 * locked order `b`: an upload, which locks `a` first, would wait for that one for ever.
 */
async function waitingForA<T>(work: () => Promise<T>): Promise<T> {
  const rival = new pg.Client(test.url);
  await rival.connect();
  onTestFinished(() => rival.end());
  const lock = (number: string) =>
    rival.query('SELECT FROM orders WHERE order_number = $1 FOR UPDATE NOWAIT', [number]);
  await rival.query('BEGIN');
  await lock('a');
  const done = work();
  await untilLockWaits(test.pg, 1);
  const locked = await lock('b').catch((error: Error) => error);
  await rival.query('ROLLBACK');
  expect(locked).not.toBeInstanceOf(Error);
  return done;
}

describe('orders are locked by their numbers, as an upload locks them', () => {
  it('by a deletion', async () => {
    await seller().upload(o('b')); // with the lesser id, by which orders are found
    await seller().upload(o('a'));
    const done = await waitingForA(() => seller().remove(['b', 'a']));
    expect(done).toMatchObject({ orders_deleted: 2 });
  });

  it('by an undoing that restores one and removes the other', async () => {
    await seller().upload(o('a'));
    const { upload_id } = await seller().upload(o('a', 'x'), o('b'));
    const done = await waitingForA(() => seller().undo(upload_id));
    expect(done).toMatchObject({ orders_restored: 1, orders_removed: 1 });
  });
});
