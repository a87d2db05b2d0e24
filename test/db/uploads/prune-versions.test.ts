import { expect, it } from 'vitest';
import { pruneVersions } from '../../../db/uploads/prune-versions.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order } from '../../helpers/orders.ts';

const test = useEmptyDatabase();

const KEPT_DAYS = 400;

/** More than two steps delete. */
const VERSIONS = 20_001;

/** What an order was. */
const KEPT = `user_id, order_number, created_at, total_amount, status, items_digest, items,
  first_uploaded_at, last_changed_at, created_xid, changed_xid`;

it('former versions are deleted in as many steps as there is time for', async () => {
  await uploadOrders(test.db, 'seller', [order()]);
  await uploadOrders(test.db, 'seller', [order({ status: 'changed' })]);
  await test.pg.query(
    `INSERT INTO order_versions (order_id, version, replaced_at, is_deletion, ${KEPT})
     SELECT order_id, n, now() - interval '${KEPT_DAYS} days', is_deletion, ${KEPT}
     FROM order_versions, generate_series(2, $1 + 1) AS n`,
    [VERSIONS],
  );
  const prune = (steps: number) =>
    pruneVersions(test.connectAs('daily_stats'), KEPT_DAYS, {
      trying: (work) => work(),
      hasTime: () => steps-- > 0,
    });
  expect(await prune(1)).toBe(10_000);
  expect(await prune(9)).toBe(10_001);
  await test.pg.query(`UPDATE order_versions SET replaced_at = now() - interval '1 year'`);
  expect(await prune(9)).toBe(0);
  expect((await test.pg.query('SELECT version FROM order_versions')).rows).toEqual([
    { version: 1 },
  ]);
});
