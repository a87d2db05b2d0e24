import { Kysely, PostgresDialect } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/schema.ts';
import { batchValues } from '../../../db/uploads/batch-parameters.ts';
import { type UploadBatch, uploadBatches } from '../../../db/uploads/batches.ts';
import { storeMoreItemsStatement } from '../../../db/uploads/item-statements.ts';
import { NO_REQUEST, type UploadRequest } from '../../../db/uploads/receipt.ts';
import { storeBatch } from '../../../db/uploads/store-batch.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { item, order, orders } from '../../helpers/orders.ts';
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

const valuesOf = (user: string, batch: UploadBatch, request: UploadRequest = NO_REQUEST) =>
  batchValues(user, batch, {
    locksUnchanged: false,
    writeBy: Date.now() + 45_000,
    request,
    size: { ordersCount: 1, itemsCount: 2 },
  });

/** The nodes of a plan that read a table, as `Seq Scan on orders`. */
async function tableReads(explain: string, parameters: readonly unknown[] = []) {
  const { rows } = await test.pg.query(explain, [...parameters]);
  const reads: string[] = [];
  const visit = (node: Record<string, unknown>) => {
    const { 'Node Type': type, 'Relation Name': table, Plans: children = [] } = node;
    if (table && type !== 'ModifyTable') reads.push(`${type} on ${table}`);
    for (const child of children as Record<string, unknown>[]) visit(child);
  };
  visit(rows[0]['QUERY PLAN'][0].Plan);
  return reads.sort();
}

const SHA_256 = Buffer.alloc(32).toString('base64');

describe('storeBatch', () => {
  const BY_KEYS = [
    'Index Scan on order_items', // to keep what they were
    'Index Scan on order_items', // to find what has changed
    'Index Scan on order_items', // to remove what is no longer there
    'Index Scan on orders',
    'Index Scan on users',
  ];

  it('looks orders and items up by their keys, however many there are', async () => {
    const pool = testPool({ connectionString: test.url });
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    const [batch] = uploadBatches([order()]);
    const { sql, parameters } = storeBatch.statement(valuesOf('seller', batch!)).compile(db);
    await db.destroy();
    expect(await tableReads(`EXPLAIN (FORMAT JSON) ${sql}`, parameters)).toEqual(BY_KEYS);
  });

  it('does so too where it is planned once for whatever will come', async () => {
    await test.pg.query('SET enable_seqscan = off'); // as its role has it: no receipts are there
    const reads = await tableReads(`EXPLAIN (FORMAT JSON, GENERIC_PLAN) ${storeBatch.text}`);
    await test.pg.query('RESET enable_seqscan');
    const ofRequest = 'Index Scan on uploads'; // of the same Idempotency-Key, or an earlier try
    expect(reads).toEqual([...BY_KEYS, ofRequest, ofRequest].sort());
  });

  it('does as a function what it does as a statement', async () => {
    const request = { keyId: 'k', requestId: 'r', bodySha256: SHA_256, idempotencyKey: 'key' };
    const stored = { user: 'seller', orders: orders(3, 'both-'), request: NO_REQUEST };
    const uploads = [
      stored,
      stored,
      { ...stored, orders: orders(4, 'both-', { status: 'paid', items: [] }) },
      { ...stored, orders: orders(4, 'both-', { updated_at: '2025-11-12T10:00:00.000000Z' }) },
      { ...stored, orders: orders(4, 'both-', { updated_at: '2025-11-11T10:00:00.000000Z' }) },
      { ...stored, user: 'another' },
      { user: 'newcomer', orders: [order({ order_number: 'Ё "\\' })], request },
      { user: 'newcomer', orders: [order({ order_number: 'Ё "\\' })], request },
    ];
    const outcomesBy = async (way: 'call' | 'statement') => {
      const outcomes: unknown[] = [];
      const undone = new Error('undone');
      const attempt = test.db.transaction().execute(async (trx) => {
        for (const { user, orders, request } of uploads) {
          const [batch] = uploadBatches(orders);
          const { rows } = await storeBatch[way](valuesOf(user, batch!, request)).execute(trx);
          const { upload_id, database_ms, original, ...outcome } = rows[0]!;
          outcomes.push({ ...outcome, isKept: upload_id !== null, isReplay: original !== null });
        }
        throw undone;
      });
      await expect(attempt).rejects.toBe(undone);
      return outcomes;
    };
    const outcomes = await outcomesBy('statement');
    expect(outcomes).toMatchObject([
      { orders_created: 3 },
      { orders_created: 0, orders_updated: 0, isKept: false },
      { orders_created: 1, orders_updated: 3 },
      { orders_updated: 4 },
      { orders_stale: 4 },
      { foreign_count: 3 },
      { orders_created: 1, isKept: true },
      { orders_created: 0, isKept: true },
    ]);
    expect(await outcomesBy('call')).toEqual(outcomes);
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
    await test.db.transaction().execute(async (trx) => {
      await storeBatch.execute(trx, valuesOf('seller', batch!));
      await storeMoreItemsStatement(more!).execute(trx);
    });
    expect(await items()).toEqual([
      { line_no: 1, sku: 'tea01' },
      { line_no: 2, sku: 'tea01' },
    ]);
  });
});
