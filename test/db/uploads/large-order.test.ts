import { describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { item, order, rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { counts } from './counts.ts';

const test = useTestDatabase();

const upload = (user: string, uploaded: Parameters<typeof uploadOrders>[2]) =>
  uploadOrders(test.db, user, uploaded);

describe('uploadOrders of one order that alone is too large for a call', () => {
  const large = (itemsCount: number) =>
    order({
      order_number: 'alone',
      items: Array.from({ length: itemsCount }, (_, i) =>
        item({ sku: `sku-${i}`, name: 'Чай зелёный листовой '.repeat(9) }),
      ),
    });
  const stored = async () => (await storedOrders(test.pg, 'alone'))[0];
  /** The same in few rows: each of these characters takes 6 bytes in a request. */
  const heavy = (order_number: string, itemsCount: number) =>
    order({
      order_number,
      updated_at: '2025-11-12T10:00:01Z',
      items: Array.from({ length: itemsCount }, () => item({ name: '\u0001'.repeat(255) })),
    });

  it('stores every item, and again, and fewer, and more', async () => {
    expect(await upload('alone', [large(30_000)])).toMatchObject(counts(1, 0, 0));
    expect(await stored()).toEqual(large(30_000));
    expect(await upload('alone', [large(30_000)])).toMatchObject(counts(0, 0, 1));
    for (const itemsCount of [2_900, 3_000]) {
      const changed = { ...heavy('alone', itemsCount), updated_at: undefined };
      expect(await upload('alone', [changed])).toMatchObject(counts(0, 1, 0));
      expect((await stored())?.items).toEqual(changed.items);
    }
  });

  it('gives the last items to one that was stored without them', async () => {
    const whole = { ...heavy('alone', 3_000), updated_at: undefined };
    await upload('alone', [whole]);
    await test.pg.query(`DELETE FROM order_items USING orders
      WHERE id = order_id AND order_number = 'alone' AND line_no > 1811`);
    expect(await upload('alone', [whole])).toMatchObject(counts(0, 1, 0));
    expect((await stored())?.items).toEqual(whole.items);
    expect(await upload('alone', [whole])).toMatchObject(counts(0, 0, 1));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('takes no stored order of other items for a damaged one', async () => {
    const digests = async () => {
      const { rows } = await test.pg.query<{ was: string | null; is: string }>(
        `SELECT encode(o.items_digest, 'hex') AS is, encode(v.items_digest, 'hex') AS was
         FROM orders AS o LEFT JOIN order_versions AS v ON v.order_id = o.id
         WHERE o.order_number = 'other'`,
      );
      return rows[0];
    };
    await upload('other', [order({ order_number: 'other', updated_at: '2025-11-12T10:00:02Z' })]);
    const uploaded = (await digests())?.is;
    expect(await upload('other', [heavy('other', 3_000)])).toMatchObject({ orders_stale: 1 });
    expect(await digests()).toEqual({ was: null, is: uploaded });
    const newer = { ...heavy('other', 3_000), updated_at: '2025-11-12T10:00:03Z' };
    expect(await upload('other', [newer])).toMatchObject({ orders_updated: 1 });
    expect(await digests()).toMatchObject({ was: uploaded });
  });

  it('keeps the same of two states of one time, whichever comes first', async () => {
    const left: unknown[] = [];
    for (const [number, first, second] of [
      ['tie-1', 3_000, 3_001],
      ['tie-2', 3_001, 3_000],
    ] as const) {
      await upload('ties', [heavy(number, first)]);
      await upload('ties', [heavy(number, second)]);
      const { rows } = await test.pg.query(
        `SELECT count(*) FROM order_items JOIN orders ON id = order_id WHERE order_number = $1`,
        [number],
      );
      left.push(rows[0]);
    }
    expect(left[0]).toEqual(left[1]);
  });
});
