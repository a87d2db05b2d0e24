import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AmendRequest } from '../../../db/amend/receipt.ts';
import { changesOf, tryingAgain } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { item, order, orders, rollUpDifferences } from '../../helpers/orders.ts';

const test = useEmptyDatabase();
const seller = () => changesOf(test);
const rows = async (text: string, ...values: unknown[]) => (await test.pg.query(text, values)).rows;

const REQUEST: AmendRequest = { keyId: 'key', requestId: 'request' };
const keyed = (idempotencyKey: string, digit = 'A'): AmendRequest => ({
  ...REQUEST,
  requestId: randomUUID(),
  idempotencyKey,
  bodySha256: `${digit.repeat(43)}=`,
});

const receipts = () =>
  rows(
    `SELECT p.id, kind, key_id, request_id, orders_count, orders_created, orders_updated,
       orders_deleted, orders_stale, stale_order_numbers
     FROM uploads AS p JOIN users AS u ON u.id = p.user_id
     WHERE username = 'seller' AND kind <> 'upload' ORDER BY p.id`,
  );

describe('deleteOrders', () => {
  it('deletes orders with their items and their part of the roll-up', async () => {
    await seller().upload(...orders(3, 'o'));
    expect(await seller().remove(['o0', 'o2'])).toMatchObject({ orders_deleted: 2, not_found: [] });
    expect(await seller().stored()).toEqual([order({ order_number: 'o1' })]);
    expect(await rows('SELECT count(*)::int FROM order_items')).toEqual([{ count: 2 }]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('keeps what they were, as deleted', async () => {
    const sent = order({ order_number: 'o', items: [item({ sku: 'one', price: '0.10' })] });
    await seller().upload(sent);
    await seller().upload({ ...sent, status: 'paid', updated_at: '2025-11-12T10:00:00.5Z' });
    const { upload_id } = await seller().remove(['o']);
    expect(
      await rows(
        `SELECT v.version, order_number, status, total_amount, items, is_deletion,
           to_char(updated_at AT TIME ZONE 'UTC', 'HH24:MI:SS.MS') AS updated_at,
           replaced_xid = xid AS is_by_it
         FROM order_versions AS v, uploads AS p WHERE p.id = $1
           AND v.user_id = p.user_id AND replaced_xid >= xid`,
        upload_id,
      ),
    ).toEqual([
      {
        version: 2,
        order_number: 'o',
        status: 'paid',
        total_amount: '2500.00',
        items: [{ line_no: 1, sku: 'one', name: 'Чай зелёный', quantity: 2, price: 0.1 }],
        is_deletion: true,
        updated_at: '10:00:00.500',
        is_by_it: true,
      },
    ]);
  });

  it('says which it has not found, and leaves a receipt that says it, too', async () => {
    await seller().upload(...orders(2, 'o'));
    const { upload_id, ...outcome } = await seller().remove(['x', 'o1', 'a'], REQUEST);
    expect(outcome).toEqual({ orders_deleted: 1, not_found: ['x', 'a'], is_replay: false });
    expect(await receipts()).toEqual([
      {
        id: upload_id,
        kind: 'delete',
        key_id: 'key',
        request_id: 'request',
        orders_count: 3,
        orders_created: 0,
        orders_updated: 0,
        orders_deleted: 1,
        orders_stale: 2,
        stale_order_numbers: ['x', 'a'],
      },
    ]);
  });

  it('finds nothing the second time, and writes nothing then', async () => {
    await seller().upload(...orders(2, 'o'));
    await seller().remove(['o0', 'o1']);
    expect(await seller().remove(['o0', 'o1'])).toEqual({
      orders_deleted: 0,
      not_found: ['o0', 'o1'],
      upload_id: null,
      is_replay: false,
    });
    expect(await receipts()).toHaveLength(1);
    expect(
      await rows('SELECT FROM order_versions WHERE user_id IN (SELECT id FROM users)'),
    ).toHaveLength(2);
  });

  it("finds no other seller's order, and leaves it alone", async () => {
    const other = changesOf(test, 'other');
    await other.upload(order({ order_number: 'theirs' }));
    await seller().upload(order({ order_number: 'mine' }));
    expect(await seller().remove(['theirs', 'mine'])).toMatchObject({
      orders_deleted: 1,
      not_found: ['theirs'],
    });
    expect(await other.stored()).toEqual([order({ order_number: 'theirs' })]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('sets the number free for anybody', async () => {
    await seller().upload(order({ order_number: 'o' }));
    await seller().remove(['o']);
    const other = changesOf(test, 'other');
    expect(await other.upload(order({ order_number: 'o' }))).toMatchObject({ orders_created: 1 });
    expect(await seller().remove(['o'])).toMatchObject({ not_found: ['o'] });
  });

  it('takes each order out of its own day and status', async () => {
    const sent = [
      order({ order_number: 'a', status: 'paid' }),
      order({ order_number: 'b', created_at: '2025-11-13T00:00:00.000000Z' }),
      order({ order_number: 'c', total_amount: '-0.01' }),
    ];
    await seller().upload(...sent, order({ order_number: 'd' }));
    await seller().remove(['a', 'b', 'c']);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await seller().stored()).toEqual([order({ order_number: 'd' })]);
  });

  it.each([
    ['order_versions', 'INSERT'],
    ['order_items', 'DELETE'],
    ['daily_order_stats', 'INSERT'],
    ['uploads', 'INSERT'],
  ])('deletes nothing when the database swallows what it writes to %s', async (table, event) => {
    await seller().upload(order({ order_number: 'o' }));
    await test.pg.query(`
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER swallow BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION swallow()`);
    try {
      await expect(seller().remove(['o'])).rejects.toThrow('SQLState: OA002');
    } finally {
      await test.pg.query('DROP FUNCTION swallow() CASCADE');
    }
    expect(await seller().stored()).toEqual([order({ order_number: 'o' })]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

describe('deleteOrders with an Idempotency-Key', () => {
  it('answers again what it has answered, also when the order is there again', async () => {
    await seller().upload(order({ order_number: 'o' }));
    const first = await seller().remove(['o', 'x'], keyed('k'));
    await seller().upload(order({ order_number: 'o' }));
    expect(await seller().remove(['o', 'x'], keyed('k'))).toEqual({ ...first, is_replay: true });
    expect(await seller().stored()).toHaveLength(1);
  });

  it('has a receipt also when it has found nothing, by which it stays so', async () => {
    const first = await seller().remove(['o'], keyed('k'));
    expect(first).toMatchObject({ orders_deleted: 0, upload_id: null }); // there is no such seller
    await seller().upload(order({ order_number: 'x' }));
    const second = await seller().remove(['o'], keyed('k'));
    expect(second).toMatchObject({ orders_deleted: 0, upload_id: expect.any(String) });
    await seller().upload(order({ order_number: 'o' }));
    expect(await seller().remove(['o'], keyed('k'))).toEqual({ ...second, is_replay: true });
    expect(await seller().stored()).toHaveLength(2);
  });

  it('refuses another request with the same key', async () => {
    await seller().upload(...orders(2, 'o'));
    await seller().remove(['o0'], keyed('k'));
    await expect(seller().remove(['o1'], keyed('k', 'B'))).rejects.toMatchObject({
      name: 'IdempotencyKeyReusedError',
    });
    expect(await seller().stored()).toHaveLength(1);
  });

  it('deletes once when it comes eight times at the same moment', async () => {
    for (let round = 0; round < 3; round++) {
      await seller().upload(...orders(20, `o${round}-`));
      const numbers = orders(20, `o${round}-`).map(({ order_number }) => order_number);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          tryingAgain(() => seller().remove(numbers, keyed(`${round}`))),
        ),
      );
      expect(new Set(answers.map(({ upload_id }) => upload_id)).size).toBe(1);
      expect(answers.map(({ orders_deleted }) => orders_deleted)).toEqual(Array(8).fill(20));
    }
    expect(await receipts()).toHaveLength(3);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

describe('deleteOrders tried again', () => {
  it('says what its first try has done', async () => {
    await seller().upload(order({ order_number: 'o' }));
    const first = await seller().remove(['o', 'x'], REQUEST);
    expect(await seller().remove(['o', 'x'], { ...REQUEST, isTriedAgain: true })).toEqual(first);
    expect(await seller().remove(['o', 'x'])).toMatchObject({ orders_deleted: 0 });
  });
});
