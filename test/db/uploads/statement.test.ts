import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/schema.ts';
import { uploadBatches } from '../../../db/uploads/batches.ts';
import { storeMoreItemsStatement } from '../../../db/uploads/item-statements.ts';
import { NO_REQUEST } from '../../../db/uploads/receipt.ts';
import { storeBatchStatement } from '../../../db/uploads/statement.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { item, order } from '../../helpers/orders.ts';
import { testPool } from '../../helpers/test-pool.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.pg.query(`
    INSERT INTO users (username)
    SELECT 'seller' UNION ALL SELECT 'other ' || n FROM generate_series(1, 5000) AS n;
    INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
    SELECT u.id, n, now() - n * interval '1 minute', 1, 'new', '\\x00'
    FROM users AS u, generate_series(1, 20000) AS n WHERE username = 'seller';
    INSERT INTO order_items (order_id, line_no, sku, name, quantity, price)
    SELECT id, 1, 'sku', 'name', 1, 1 FROM orders;
    INSERT INTO daily_order_stats (user_id, day, status, orders_count, total_revenue)
    SELECT id, date '1970-01-01' + n, 'new', 1, 1
    FROM users, generate_series(1, 5000) AS n WHERE username = 'seller';
    ANALYZE;
  `);
});
afterAll(() => test.drop());

/** The nodes of the plan that read a table, as `Seq Scan on orders`. */
async function tableReads(uploaded: Parameters<typeof uploadBatches>[0]): Promise<string[]> {
  const pool = testPool({ connectionString: test.url });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const [batch] = uploadBatches(uploaded);
  const options = {
    locksUnchanged: false,
    writeBy: Date.now() + 45_000,
    request: NO_REQUEST,
    size: { ordersCount: 1, itemsCount: 2 },
  };
  const { sql, parameters } = storeBatchStatement('seller', batch!, options).compile(db);
  const { rows } = await test.pg.query(`EXPLAIN (FORMAT JSON) ${sql}`, [...parameters]);
  await db.destroy();
  const reads: string[] = [];
  const visit = (node: Record<string, unknown>) => {
    const { 'Node Type': type, 'Relation Name': table, Plans: children = [] } = node;
    if (table && type !== 'ModifyTable') reads.push(`${type} on ${table}`);
    for (const child of children as Record<string, unknown>[]) visit(child);
  };
  visit(rows[0]['QUERY PLAN'][0].Plan);
  return reads.sort();
}

describe('storeBatchStatement', () => {
  it('looks orders and items up by their keys, however many there are', async () => {
    expect(await tableReads([order()])).toEqual([
      'Index Scan on order_items', // to keep what they were
      'Index Scan on order_items', // to find what has changed
      'Index Scan on order_items', // to remove what is no longer there
      'Index Scan on orders',
      'Index Scan on users',
    ]);
  });
});

describe('storeMoreItemsStatement', () => {
  const [batch] = uploadBatches([order({ order_number: '7', items: [item(), item()] })], 200);
  const [more] = batch!.moreItems;
  const items = async () =>
    (
      await test.pg.query(
        `SELECT line_no, i.sku FROM order_items AS i JOIN orders ON id = order_id
         WHERE order_number = '7' ORDER BY line_no`,
      )
    ).rows;

  it('changes no item of an order that its transaction has not written, and fails', async () => {
    const before = await items();
    const attempt = test.db
      .transaction()
      .execute((trx) => storeMoreItemsStatement(more!).execute(trx));
    await expect(attempt).rejects.toThrow('SQLState: OA002');
    expect(await items()).toEqual(before);
  });

  it('adds items to the order that its transaction has written', async () => {
    const options = {
      locksUnchanged: false,
      writeBy: Date.now() + 45_000,
      request: NO_REQUEST,
      size: { ordersCount: 1, itemsCount: 2 },
    };
    await test.db.transaction().execute(async (trx) => {
      await storeBatchStatement('seller', batch!, options).execute(trx);
      await storeMoreItemsStatement(more!).execute(trx);
    });
    expect(await items()).toEqual([
      { line_no: 1, sku: 'tea01' },
      { line_no: 2, sku: 'tea01' },
    ]);
  });
});
