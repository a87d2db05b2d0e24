import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/schema.ts';
import { pruneVersions, pruneVersionsStatement } from '../../../db/uploads/prune-versions.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order } from '../../helpers/orders.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

const test = useEmptyDatabase();

const KEPT_DAYS = 400;

/** More than two steps delete. */
const VERSIONS = 20_001;

/** What an order was. */
const KEPT = `user_id, order_number, created_at, total_amount, status, items_digest, items,
  first_uploaded_at, last_changed_at, created_xid, changed_xid`;

const SELLERS = 20;
const A_DAY = 5 * SELLERS;

let db: Kysely<Database>;

beforeAll(() => {
  db = connectPlanningAs('daily_stats', test.url);
});
afterAll(() => db.destroy());

/** Of each of these days a receipt, and by its request some versions of each seller's orders. */
const replace = (first: number, last: number) =>
  test.pg.query(
    `WITH days AS (
       SELECT n, (1000 + n)::text::xid8 AS xid, now() - (499.5 - n) * interval '1 day' AS at
       FROM generate_series($1::integer, $2::integer) AS n
     ),
     receipts AS (
       INSERT INTO uploads (id, user_id, xid, key_id, request_id, orders_count, items_count)
       SELECT uuidv7(at - now()), (SELECT min(id) FROM users), xid, '-', '-', 1, 1 FROM days
     )
     INSERT INTO order_versions
     SELECT 1000000 * u.id + 1000 * n + i, 1, u.id, i, at, 1, 'new', at, sha256(''), '[]', at, at, '3', '3', at, xid, false
     FROM days, generate_series(1, 5) AS i, users AS u`,
    [first, last],
  );

const statement = () => pruneVersionsStatement(KEPT_DAYS, 10_000);

describe('deleting former versions', () => {
  it('deletes in as many steps as there is time for', async () => {
    await uploadOrders(test.db, 'seller', [order()]);
    await uploadOrders(test.db, 'seller', [order({ status: 'changed' })]);
    await test.pg.query(
      `INSERT INTO order_versions (order_id, version, replaced_at, is_deletion, ${KEPT})
       SELECT order_id, n, now() - interval '${KEPT_DAYS} days', is_deletion, ${KEPT}
       FROM order_versions, generate_series(2, $1 + 1) AS n`,
      [VERSIONS],
    );
    await test.pg.query(
      `INSERT INTO uploads (id, user_id, key_id, request_id, orders_count, items_count)
       SELECT uuidv7(interval '-401 days'), id, '-', '-', 1, 1 FROM users`,
    );
    const prune = async (steps: number) => {
      const counts: number[] = [];
      await pruneVersions(test.connectAs('daily_stats'), KEPT_DAYS, {
        trying: (work) => work(),
        hasTime: () => steps-- > 0,
        deleted: (count) => counts.push(count),
      });
      return counts;
    };
    expect(await prune(1)).toEqual([10_000]);
    expect(await prune(9)).toEqual([10_000, 1]);
    await test.pg.query(`UPDATE order_versions SET replaced_at = now() - interval '1 year'`);
    expect(await prune(9)).toEqual([0]);
    expect((await test.pg.query('SELECT version FROM order_versions')).rows).toEqual([
      { version: 1 },
    ]);
  });

  it('reads what it deletes, also where new versions have taken the room of deleted ones', async () => {
    await test.pg.query('INSERT INTO users (username) SELECT n FROM generate_series(1, $1) AS n', [
      SELLERS,
    ]);
    await replace(1, 199);
    const { rows: first } = await statement().execute(db);
    expect(first).toEqual([{ pruned: 99 * A_DAY }]);
    await test.pg.query('VACUUM order_versions');
    await replace(200, 260);
    await test.pg.query('VACUUM ANALYZE');
    await test.pg.query(`
      UPDATE order_versions SET replaced_at = replaced_at - interval '1 day' WHERE replaced_xid <= '1100';
      UPDATE uploads SET id = uuidv7(interval '-401 days') WHERE xid = '1100'`);
    const { wholeTables, rows } = await readsOf(db, statement());
    expect(wholeTables.map((node) => node['Relation Name'])).toEqual(['users']);
    expect(rows).toBeLessThan(2 * A_DAY + SELLERS + 10);
  });
});
