import { describe, expect, it } from 'vitest';
import { locksOf } from '../../../cli/review/locks.ts';
import { statementsOf } from '../../../cli/review/statements.ts';
import { migrations } from '../../../db/migrations/index.ts';

const told = (...statements: string[]) =>
  locksOf(statements).map(({ level, says }) => `${level}: ${says}`);

describe('locksOf', () => {
  it.each([
    ['CREATE INDEX i ON orders (id)', 'long: whoever writes to orders waits until'],
    ['create unique index if not exists i on only "orders" (id)', 'long: whoever writes to orders'],
    ['ALTER TABLE orders ALTER COLUMN status TYPE text', 'long: all use of orders waits while'],
    ['ALTER TABLE orders ADD COLUMN t uuid DEFAULT uuidv7()', 'long: all use of orders waits'],
    ['ALTER TABLE orders ALTER status SET NOT NULL', 'long: all use of orders waits while its'],
    ['ALTER TABLE ONLY orders ADD CONSTRAINT c CHECK (id > 0)', 'long: all use of orders waits'],
    ['ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users', 'long: all use of orders'],
    ["UPDATE orders SET status = 'x'", 'long: rows of orders stay locked until'],
    ['WITH a AS (SELECT 1) DELETE FROM orders', 'long: rows of orders stay locked'],
    ['VACUUM FULL orders', 'long: all use of orders waits until it is over'],
    ['REINDEX TABLE orders', 'long: all use of orders waits until it is over'],
    ['DO $$ BEGIN END $$', 'unknown: what it does is not seen'],
    [
      'ALTER TABLE orders ADD COLUMN n integer NOT NULL DEFAULT 1',
      'short: all use of orders waits',
    ],
    ['ALTER TABLE orders ADD CONSTRAINT c CHECK (id > 0) NOT VALID', 'short: all use of orders'],
    ['-- why\nDROP INDEX i', 'short: all use of the table of i waits'],
    ['CREATE TRIGGER t BEFORE UPDATE ON orders EXECUTE FUNCTION f()', 'short: whoever writes to'],
    ['DROP TABLE orders', 'short: what is in orders is lost'],
    ['TRUNCATE orders', 'short: what is in orders is lost'],
    ['ALTER TABLE orders DROP COLUMN status', 'short: what is in the column of orders is lost'],
  ])('says what waits for %s', (statement, says) => {
    expect(told(statement)).toEqual([expect.stringContaining(says)]);
  });

  it.each([
    'CREATE INDEX CONCURRENTLY i ON orders (id)',
    'CREATE TABLE new (id bigint)',
    'CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1',
    'SELECT 1',
    'COMMENT ON TABLE orders IS $$update orders$$',
  ])('says nothing of %s', (statement) => {
    expect(told(statement)).toEqual([]);
  });

  it('says nothing of tables that the same migration makes', () => {
    expect(told('CREATE TABLE "new" (id bigint)', 'CREATE INDEX i ON new (id)')).toEqual([]);
  });
});

describe('statementsOf', () => {
  it('sees what a migration of ours runs, without a database', async () => {
    const [name, migration] = Object.entries(migrations).find(([one]) => one === '0007-search')!;
    const long = locksOf(await statementsOf(migration)).filter(({ level }) => level === 'long');
    expect([name, long.map(({ says }) => says)]).toEqual([
      '0007-search',
      ['order_items', 'orders', 'users'].map(
        (table) => `whoever writes to ${table} waits until the index is built`,
      ),
    ]);
  });

  it('sees every one of them', async () => {
    for (const migration of Object.values(migrations)) {
      expect((await statementsOf(migration)).length).toBeGreaterThan(0);
    }
  });

  it('keeps nobody waiting by an index that is built while others write', async () => {
    const index = { name: 'i', table: 'orders', by: '(status, id)' };
    expect(locksOf(await statementsOf({ indexes: [index] }))).toEqual([]);
  });
});
