import { describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { item, order, rollUpDifferences, storedOrders } from '../../helpers/orders.ts';

const test = useTestDatabase();

const upload = (user: string, uploaded: Parameters<typeof uploadOrders>[2]) =>
  uploadOrders(test.db, user, uploaded);

describe('uploadOrders when the database swallows a row', () => {
  const SWALLOWED = { items: [item({ sku: 'swallowed' })], order_number: 'lossy' };
  const LARGE = Array.from({ length: 3_000 }, () => item({ name: '\u0001'.repeat(255) }));

  /** A trigger that skips rows without a word, as a statement that loses some would. */
  async function swallowing<T>(table: string, rows: string, work: () => Promise<T>): Promise<T> {
    await test.pg.query(`
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER swallow BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW
      WHEN (${rows}) EXECUTE FUNCTION swallow()`);
    try {
      return await work();
    } finally {
      await test.pg.query('DROP FUNCTION swallow() CASCADE');
    }
  }

  it.each([
    ['an item of a new order', undefined, order(SWALLOWED), 'order_items', `new.sku = 'swallowed'`],
    [
      'an item of a changed order',
      order({ ...SWALLOWED, items: [item()] }),
      order(SWALLOWED),
      'order_items',
      `new.sku = 'swallowed'`,
    ],
    [
      'one item more of a changed order',
      order({ ...SWALLOWED, items: [item()] }),
      order({ ...SWALLOWED, items: [item(), ...SWALLOWED.items] }),
      'order_items',
      `new.sku = 'swallowed'`,
    ],
    [
      'one of the items that another call stores',
      undefined,
      order({ ...SWALLOWED, items: [...LARGE, ...SWALLOWED.items] }),
      'order_items',
      `new.sku = 'swallowed'`,
    ],
    [
      'a day of the roll-up',
      undefined,
      order({ ...SWALLOWED, status: 'lost' }),
      'daily_order_stats',
      `new.status = 'lost'`,
    ],
  ])('fails when that is %s, and stores nothing', async (_what, before, uploaded, table, rows) => {
    await upload('before', [order({ order_number: 'before' })]);
    await test.pg.query(`DELETE FROM users WHERE username = 'lossy'`);
    if (before) await upload('lossy', [before]);
    const attempt = swallowing(table, rows, () => upload('lossy', [uploaded]));
    await expect(attempt).rejects.toThrow('SQLState: OA002');
    expect(await storedOrders(test.pg, 'lossy')).toEqual(before ? [before] : []);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('does not acknowledge an order that is lost', async () => {
    const attempt = swallowing('orders', `new.order_number = 'lossy'`, () =>
      upload('lossy orders', [order(SWALLOWED)]),
    );
    await expect(attempt).rejects.toThrow('SQLState: 40001');
  });
});
