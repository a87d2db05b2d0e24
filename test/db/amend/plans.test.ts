import { type Kysely, type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewUndoStatement } from '../../../db/actions/undo-preview.ts';
import { deleteOrdersStatement } from '../../../db/amend/delete-statement.ts';
import { undoStatement } from '../../../db/amend/undo-statement.ts';
import type { Database } from '../../../db/schema.ts';
import { NO_REQUEST } from '../../../db/uploads/receipt.ts';
import { changesOf } from '../../helpers/changes.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { order } from '../../helpers/orders.ts';
import { connectPlanningAs } from '../../helpers/plan.ts';

let test: TestDatabase;
let db: Kysely<Database>;
let uploadId: string;
const undoings: string[] = [];

/**
 * One seller's orders, all of them older than the ids of transactions: statistics then say that
 * whatever a transaction wrote is all. One upload changes four of them and creates another.
 */
beforeAll(async () => {
  test = await createTestDatabase();
  await test.pg.query(`
    INSERT INTO users (username) VALUES ('seller');
    INSERT INTO orders
      (user_id, order_number, created_at, total_amount, status, items_digest, created_xid, changed_xid)
    SELECT id, 'old-' || n, now() - n * interval '1 minute', 1, 'new', '\\x00', '2', '2'
    FROM users, generate_series(1, 20000) AS n;
    INSERT INTO order_items (order_id, line_no, sku, name, quantity, price)
    SELECT id, 1, 'sku', 'name', 1, 1 FROM orders;
    INSERT INTO order_versions
      (order_id, user_id, order_number, created_at, total_amount, status, items_digest, items,
       first_uploaded_at, last_changed_at, version, created_xid, changed_xid, is_deletion, replaced_xid)
    SELECT id, user_id, order_number, created_at, 1, 'old', '', '[]', now(), now(), 0, '2', '2', false, '3'
    FROM orders;
    INSERT INTO uploads (id, user_id, xid, key_id, request_id, orders_count, items_count)
    SELECT uuidv7(interval '-1 hour'), id, (n + 100000)::text::xid8, 'key', 'request', 1, 1
    FROM users, generate_series(1, 20000) AS n;
    ANALYZE;
  `);
  const { upload, undo } = changesOf(test);
  const changed = [1, 2, 3, 4].map((n) => order({ order_number: `old-${n}` }));
  uploadId = String((await upload(...changed, order({ order_number: 'new' }))).upload_id);
  undoings.push(String((await undo(uploadId)).upload_id));
  undoings.push(String((await undo(undoings[0]!)).upload_id));
  db = connectPlanningAs('amend', test.url);
});
afterAll(async () => {
  await db.destroy();
  await test.drop();
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

/** How many rows of tables a statement reads, those thrown away included. */
async function rowsRead(statement: RawBuilder<unknown>): Promise<number> {
  const undo = new Error('It is only looked at.');
  let read = 0;
  await db
    .transaction()
    .execute(async (trx) => {
      const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>`
        EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`.execute(trx);
      const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)];
      read = nodes(rows[0]!['QUERY PLAN'][0].Plan)
        .filter((node) => node['Relation Name'])
        .reduce((sum, node) => {
          const { 'Actual Rows': found, 'Rows Removed by Filter': removed = 0 } = node;
          return sum + (found + removed) * node['Actual Loops'];
        }, 0);
      throw undo;
    })
    .catch((error) => expect(error).toBe(undo));
  return read;
}

const writeBy = () => Date.now() + 45_000;

describe('the statement that undoes', () => {
  it.each([
    ['an upload', () => uploadId],
    ['an undoing', () => undoings[0]!],
    ['an undone undoing', () => undoings[1]!],
  ])('%s reads what that has changed, however many orders there are', async (_what, id) => {
    const options = { refusesConflicts: false, writeBy: writeBy(), request: NO_REQUEST };
    const read = await rowsRead(undoStatement('seller', id(), options));
    expect(read).toBeGreaterThan(20);
    expect(read).toBeLessThan(150);
  });
});

describe('the statement that says what undoing would do', () => {
  it.each([
    ['an upload', () => uploadId],
    ['an undone undoing', () => undoings[1]!],
  ])('reads of %s what that has changed, however many orders there are', async (_what, id) => {
    const read = await rowsRead(previewUndoStatement(id()));
    expect(read).toBeGreaterThan(10);
    expect(read).toBeLessThan(100);
  });
});

describe('the statement that deletes', () => {
  it('reads the orders that it is asked for', async () => {
    const numbers = ['old-1', 'old-2', 'none'].map((number) => [number]);
    const read = await rowsRead(
      deleteOrdersStatement('seller', numbers, { ...NO_REQUEST, requestId: 'mine' }, writeBy()),
    );
    expect(read).toBeGreaterThan(5);
    expect(read).toBeLessThan(50);
  });
});
