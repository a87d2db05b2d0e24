import { describe, expect, it } from 'vitest';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import { computeDay } from '../../../db/stats/day-proof.ts';
import type { UploadRequest } from '../../../db/uploads/receipt.ts';
import { preparedUpload } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { orders, rollUpDifferences } from '../../helpers/orders.ts';
import { DAY, endRun, startRun } from '../../helpers/runs.ts';
import { addKey, allOf, erase, idOf, LONG_AGO, ownerOf } from './erasing.ts';

const test = useEmptyDatabase();

const REQUEST: UploadRequest = { keyId: 'key', requestId: 'request' };

/** Gives a seller something in every table: orders, of which the first ten are changed. */
async function fill(user: string, count: number): Promise<number> {
  await preparedUpload(user, orders(count, `${user}-`), REQUEST)(test.db, writeLimit());
  const changed = orders(Math.min(count, 10), `${user}-`, { status: 'returned' });
  await preparedUpload(user, changed, REQUEST)(test.db, writeLimit());
  await addKey(test.pg, user, LONG_AGO);
  const id = await idOf(test.pg, user);
  await test.pg.query(`INSERT INTO seller_settings VALUES ($1, 'Call them.')`, [id]);
  await test.pg.query(
    `INSERT INTO upload_refusals (user_id, code, status, key_id, request_id, pointer, errors_count)
     VALUES ($1, 'taken', 409, 'key', 'request', '', 1)`,
    [id],
  );
  return id;
}

/** The tables that have something of a seller, or nothing. */
const tablesWith = (all: Record<string, string[]>, has: 'rows' | 'nothing') =>
  Object.keys(all).filter((table) => (all[table] ?? []).length > 0 === (has === 'rows'));

describe('eraseSeller', () => {
  it('leaves nothing of the seller in any table, and of another seller every byte', async () => {
    const leaving = await ownerOf(test.pg, await fill('leaving', 5_000));
    const staying = await ownerOf(test.pg, await fill('staying', 100));
    const before = await allOf(test.pg, staying);
    expect(tablesWith(await allOf(test.pg, leaving), 'nothing')).toEqual([]);

    expect(await erase(test, leaving.id)).toEqual({
      done: true,
      orders_left: false,
      keys_revoked: 0,
      orders_deleted: 5_000,
      items_deleted: 10_000,
      versions_deleted: 10,
      receipts_deleted: 2,
      keys_deleted: 1,
    });
    expect(tablesWith(await allOf(test.pg, leaving), 'rows')).toEqual([]);
    expect(await allOf(test.pg, staying)).toEqual(before);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('goes on where it was interrupted, with statistics that are right in between', async () => {
    const seller = await fill('leaving', 50);
    const portion = { orders: 20, lines: 1_000 };
    for (const left of [30, 10]) {
      expect(await erase(test, seller, { portion, hasTime: () => false })).toMatchObject({
        done: false,
        orders_left: true,
        orders_deleted: 20,
        versions_deleted: 0,
      });
      expect(await rollUpDifferences(test.pg)).toEqual([]);
      const run = await startRun(test.db);
      expect(await computeDay(test.db, DAY, run)).toMatchObject({ orders_count: left });
      expect(await endRun(test.db, run)).toMatchObject({ drift_found: 0 });
    }
    expect(await erase(test, seller)).toMatchObject({ done: true, orders_deleted: 10 });
  });

  it('is done at once when there is nothing any more, and again', async () => {
    await test.pg.query(`INSERT INTO users (username) VALUES ('nothing')`);
    const seller = await idOf(test.pg, 'nothing');
    for (let time = 1; time <= 2; time++) {
      expect(await erase(test, seller)).toMatchObject({ done: true, orders_deleted: 0 });
    }
  });

  it('deletes days that the roll-up has too many of as well', async () => {
    const seller = await fill('drifted', 1);
    await test.pg.query('UPDATE daily_order_stats SET orders_count = 7');
    expect(await erase(test, seller)).toMatchObject({ done: true });
    expect((await test.pg.query('SELECT FROM daily_order_stats')).rowCount).toBe(0);
  });
});

describe('a key of a seller who is erased', () => {
  it.each([
    ['opens doors', 'NULL', 1, 90],
    ['was revoked just now', 'now()', 0, 90],
    ['was revoked a minute ago', `now() - interval '1 minute'`, 0, 30],
  ])('that %s is waited for, with all else deleted', async (_which, revokedAt, revoked, most) => {
    const seller = await fill('leaving', 3);
    await addKey(test.pg, 'leaving', revokedAt);
    const erased = await erase(test, seller);
    expect(erased).toMatchObject({ done: false, orders_left: false, keys_revoked: revoked });
    expect(erased).toMatchObject({ orders_deleted: 3, receipts_deleted: 2, keys_deleted: 0 });
    const { rows } = await test.pg.query(
      `SELECT count(*)::int AS revoked,
         floor(90 - extract(epoch FROM clock_timestamp() - max(revoked_at)))::int AS still_s
       FROM seller_keys WHERE revoked_at IS NOT NULL`,
    );
    expect(rows[0].revoked).toBe(2);
    expect(erased.wait_s).toBeGreaterThanOrEqual(rows[0].still_s);
    expect(erased.wait_s).toBeLessThanOrEqual(most);

    await test.pg.query(`UPDATE seller_keys SET revoked_at = ${LONG_AGO}`);
    expect(await erase(test, seller)).toMatchObject({ done: true, keys_deleted: 2 });
  });

  it('that takes the place of another while its seller is erased is waited for', async () => {
    const seller = await fill('leaving', 1);
    let steps = 0;
    const erased = await erase(test, seller, {
      async writing(work) {
        const done = await work(writeLimit());
        if (++steps === 1) await addKey(test.pg, 'leaving', 'NULL'); // after all others have ended
        return done;
      },
    });
    expect(erased).toMatchObject({ done: false, orders_left: false, wait_s: 89, keys_deleted: 0 });
  });

  it('that expired long ago is not waited for', async () => {
    const seller = await fill('leaving', 1);
    await test.pg.query(`UPDATE seller_keys SET revoked_at = NULL, expires_at = ${LONG_AGO}`);
    expect(await erase(test, seller)).toMatchObject({ done: true });
  });
});
