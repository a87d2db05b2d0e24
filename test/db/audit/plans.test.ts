import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LinesQuery, listLinesStatement } from '../../../db/audit/list-lines.ts';
import type { Database } from '../../../db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

let test: TestDatabase;
let db: Kysely<Database>;
const MIDDLE = '00000000-0000-7000-8000-000000015000';
beforeAll(async () => {
  test = await createTestDatabase();
  db = connectPlanningAs('admin', test.url);
  await test.pg.query(`
    INSERT INTO users (username) SELECT 'seller ' || n FROM generate_series(1, 300) AS n;
    INSERT INTO audit_log (id, actor, action, seller_id, target, request_id)
    SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'arn:' || n % 100,
      CASE WHEN n % 100 = 0 THEN 'order.delete' ELSE 'key.create' END, 1 + n % 300, 'order ' || n % 200, 'r'
    FROM generate_series(1, 30000) AS n;
    ANALYZE`);
});
afterAll(async () => {
  await db.destroy();
  await test.drop();
});

describe('a page of the audit log', () => {
  it.each<[string, Omit<LinesQuery, 'limit'>]>([
    ['of all', {}],
    ['of all, far down', { before: MIDDLE }],
    ['of a person', { actor: 'arn:7' }],
    ['of a person, far down', { actor: 'arn:7', before: MIDDLE }],
    ['of what is rare', { action: 'order.delete' }],
    ['of what is frequent', { action: 'key.create', before: MIDDLE }],
    ['of a seller', { seller: 'seller 7' }],
    ['of an order', { target: 'order 7', before: MIDDLE }],
    ['of a number', { sellerId: 7, before: MIDDLE }],
  ])('%s reads only what it shows', async (_which, query) => {
    const { wholeTables, rows } = await readsOf(db, listLinesStatement({ ...query, limit: 51 }));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeGreaterThanOrEqual(51);
    expect(rows).toBeLessThanOrEqual(51 * 2 + 1); // each with its seller
  });

  it('of a seller and a person reads what one of them did at most', async () => {
    const query = { seller: 'seller 7', actor: 'arn:7', limit: 51 };
    const { wholeTables, rows } = await readsOf(db, listLinesStatement(query));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(100 * 2 + 1);
  });
});
