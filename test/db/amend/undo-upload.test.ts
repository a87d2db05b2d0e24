import { describe, expect, it } from 'vitest';
import { changesOf, undone } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { item, order, orders, rollUpDifferences } from '../../helpers/orders.ts';

const test = useEmptyDatabase();
const seller = () => changesOf(test);
const rows = async (text: string, ...values: unknown[]) => (await test.pg.query(text, values)).rows;

/** Everything of an order but when and by whom it was written. */
const fieldsOf = (number: string) =>
  rows(
    `SELECT id, total_amount, status, created_at, updated_at, encode(items_digest, 'hex') AS digest,
       first_uploaded_at, version FROM orders WHERE order_number = $1`,
    number,
  );

const AT = (second: number) => `2025-11-12T10:00:0${second}.000000Z`;

describe('undoUpload of an upload', () => {
  it('restores what it has changed, field by field and item by item', async () => {
    const before = order({ order_number: 'o', updated_at: AT(1), items: [item(), item()] });
    await seller().upload(before, order({ order_number: 'left' }));
    const stored = await seller().stored();
    const [{ version, ...fields }] = await fieldsOf('o');
    const { upload_id } = await seller().upload({
      order_number: 'o',
      created_at: '2026-01-01T00:00:00.000000Z',
      total_amount: '-1.00',
      status: 'wrong',
      updated_at: AT(2),
      items: [item({ name: 'falsch "\\' }), item(), item({ sku: 'third' })],
    });
    expect(await seller().undo(upload_id)).toMatchObject(undone({ orders_restored: 1 }));
    expect(await seller().stored()).toEqual(stored);
    expect(await fieldsOf('o')).toEqual([{ ...fields, version: version + 2 }]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('gives items back that it has taken away, and an order without updated_at none', async () => {
    await seller().upload(order({ order_number: 'o', items: [item(), item({ price: '0.10' })] }));
    const stored = await seller().stored();
    const { upload_id } = await seller().upload(
      order({ order_number: 'o', items: [], updated_at: AT(1) }),
    );
    await seller().undo(upload_id);
    expect(await seller().stored()).toEqual(stored);
    expect(await fieldsOf('o')).toMatchObject([{ updated_at: null }]);
  });

  it('deletes what it has created, and keeps that as deleted', async () => {
    const { upload_id } = await seller().upload(...orders(2, 'o'));
    expect(await seller().undo(upload_id)).toMatchObject(undone({ orders_removed: 2 }));
    expect(await seller().stored()).toEqual([]);
    expect(await rows('SELECT FROM order_items')).toEqual([]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    const kept = await rows(
      `SELECT order_number, version, is_deletion, json_array_length(items) AS items
       FROM order_versions JOIN users AS u ON u.id = user_id ORDER BY order_number`,
    );
    expect(kept).toEqual(
      ['o0', 'o1'].map((order_number) => ({
        order_number,
        version: 1,
        is_deletion: true,
        items: 2,
      })),
    );
  });

  it('leaves what it has found unchanged or newer as it is', async () => {
    const newer = order({ order_number: 'newer', updated_at: AT(2) });
    await seller().upload(order({ order_number: 'same' }), newer);
    const { upload_id } = await seller().upload(
      order({ order_number: 'same' }),
      { ...newer, status: 'old', updated_at: AT(1) },
      order({ order_number: 'new' }),
    );
    expect(await seller().undo(upload_id)).toMatchObject(undone({ orders_removed: 1 }));
    expect(await seller().stored()).toMatchObject([
      { order_number: 'newer' },
      { order_number: 'same' },
    ]);
  });

  it('leaves a receipt that names what it undoes', async () => {
    await seller().upload(order({ order_number: 'changed' }), order({ order_number: 'again' }));
    const { upload_id } = await seller().upload(
      order({ order_number: 'changed', status: 'x' }),
      order({ order_number: 'again', status: 'x' }),
      order({ order_number: 'created' }),
    );
    await seller().upload(order({ order_number: 'again', status: 'y' }));
    const request = { keyId: 'key', requestId: 'request' };
    const outcome = await seller().undo(upload_id, request);
    expect(
      await rows(
        `SELECT kind, undoes, key_id, request_id, orders_count, orders_created, orders_updated,
           orders_deleted, orders_stale, stale_order_numbers FROM uploads WHERE id = $1`,
        outcome.upload_id,
      ),
    ).toEqual([
      {
        kind: 'undo',
        undoes: upload_id,
        key_id: 'key',
        request_id: 'request',
        orders_count: 3,
        orders_created: 0,
        orders_updated: 1,
        orders_deleted: 1,
        orders_stale: 1,
        stale_order_numbers: ['again'],
      },
    ]);
  });

  it('of several calls takes all of them back', async () => {
    // More than a call can carry, in few rows: each of these characters takes 6 bytes in a request.
    const items = Array.from({ length: 800 }, () => item({ name: '\u0001'.repeat(255) }));
    const large = [0, 1, 2, 3].map((n) => order({ order_number: `many-${n}`, items }));
    await seller().upload(...large.slice(0, 2), order({ order_number: 'z' }));
    const stored = await seller().stored();
    const { upload_id } = await seller().upload(
      ...large.map((one) => ({ ...one, items: items.slice(1) })),
    );
    expect(await seller().undo(upload_id)).toMatchObject(
      undone({ orders_restored: 2, orders_removed: 2 }),
    );
    expect(await seller().stored()).toEqual(stored);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

describe('undoUpload when the database swallows what it writes', () => {
  it.each([
    ['order_versions', 'INSERT', 'change'],
    ['order_versions', 'INSERT', 'create'],
    ['order_items', 'INSERT', 'change'],
    ['order_items', 'DELETE', 'change'],
    ['order_items', 'DELETE', 'create'],
    ['order_items', 'INSERT', 'delete'],
    ['daily_order_stats', 'INSERT', 'change'],
    ['uploads', 'INSERT', 'change'],
  ])('to %s (%s), undoes nothing of what is to undo: a %s', async (table, event, what) => {
    const two = [item(), item()];
    await seller().upload(order({ order_number: 'o', items: [item({ quantity: 7 })] }));
    const { upload_id } = await {
      change: () => seller().upload(order({ order_number: 'o', status: 'paid', items: two })),
      create: () => seller().upload(order({ order_number: 'created' })),
      delete: () => seller().remove(['o']),
    }[what as 'change' | 'create' | 'delete']();
    const stored = await seller().stored();
    await test.pg.query(`
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER swallow BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION swallow()`);
    try {
      await expect(seller().undo(upload_id)).rejects.toThrow('SQLState: OA002');
    } finally {
      await test.pg.query('DROP FUNCTION swallow() CASCADE');
    }
    expect(await seller().stored()).toEqual(stored);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

describe('undoUpload of a deletion', () => {
  it('creates the orders again with the id that they had, as new ones for who follows', async () => {
    const sent = order({ order_number: 'o', updated_at: AT(1) });
    await seller().upload(sent);
    const stored = await seller().stored();
    const [{ version, ...fields }] = await fieldsOf('o');
    const { upload_id } = await seller().remove(['o']);
    const outcome = await seller().undo(upload_id);
    expect(outcome).toMatchObject(undone({ orders_recreated: 1 }));
    expect(await seller().stored()).toEqual(stored);
    expect(await fieldsOf('o')).toEqual([{ ...fields, version: version + 1 }]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(
      await rows(
        `SELECT created_xid = xid AND changed_xid = xid AS is_new, last_changed_at = p.created_at AS is_now
         FROM orders, uploads AS p WHERE p.id = $1`,
        outcome.upload_id,
      ),
    ).toEqual([{ is_new: true, is_now: true }]);
  });

  it.each(['seller', 'other'])('leaves alone whose number %s has by now', async (owner) => {
    await seller().upload(...orders(2, 'o'));
    const { upload_id } = await seller().remove(['o0', 'o1']);
    const again = order({ order_number: 'o0', status: 'again' });
    await changesOf(test, owner).upload(again);
    expect(await seller().undo(upload_id)).toMatchObject(
      undone({ orders_recreated: 1, orders_left_alone: 1, left_alone: ['o0'] }),
    );
    expect(await changesOf(test, owner).stored()).toContainEqual(again);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('creates it again when the number was used meanwhile, and is free', async () => {
    await seller().upload(order({ order_number: 'o' }));
    const { upload_id } = await seller().remove(['o']);
    await changesOf(test, 'other').upload(order({ order_number: 'o', status: 'theirs' }));
    await changesOf(test, 'other').remove(['o']);
    expect(await seller().undo(upload_id)).toMatchObject(undone({ orders_recreated: 1 }));
    expect(await seller().stored()).toEqual([order({ order_number: 'o' })]);
  });

  it('leaves alone what was created again and deleted again', async () => {
    await seller().upload(order({ order_number: 'o' }));
    const { upload_id } = await seller().remove(['o']);
    await seller().undo(upload_id);
    await seller().remove(['o']);
    expect(await seller().undo(upload_id)).toMatchObject({ orders_left_alone: 1, upload_id: null });
  });
});
