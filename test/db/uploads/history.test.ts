import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import type { UploadRequest } from '../../../db/uploads/receipt.ts';
import { preparedUpload } from '../../../db/uploads/upload-orders.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { item, order, orders, storedOrders } from '../../helpers/orders.ts';

const test = useTestDatabase();

const REQUEST: UploadRequest = {
  keyId: 'key',
  requestId: 'request',
  bodySha256: `${'A'.repeat(43)}=`,
};

/** As the upload function's role, which may do no more than it has to. */
const upload = (
  user: string,
  uploaded: readonly UploadedOrder[],
  request: UploadRequest = { ...REQUEST, requestId: randomUUID() },
) => preparedUpload(user, uploaded, request)(test.connectAs('upload'), writeLimit());

async function rows(text: string, ...values: unknown[]) {
  return (await test.pg.query(text, values)).rows;
}

const receipts = (user: string) =>
  rows(
    `SELECT p.id, kind, key_id, request_id, encode(body_sha256, 'base64') AS sha256, orders_count,
       items_count, orders_created, orders_updated, orders_stale
     FROM uploads AS p JOIN users AS u ON u.id = p.user_id WHERE username = $1 ORDER BY p.id`,
    user,
  );

const versions = (user: string) =>
  rows(
    `SELECT v.version, order_number, status, total_amount, items, is_deletion
     FROM order_versions AS v JOIN users AS u ON u.id = v.user_id
     WHERE username = $1 ORDER BY order_number, v.version`,
    user,
  );

describe('an upload', () => {
  it('leaves a receipt that says what it did', async () => {
    const { upload_id } = await upload('receipt', orders(2, 'receipt-'), REQUEST);
    expect(await receipts('receipt')).toEqual([
      {
        id: upload_id,
        kind: 'upload',
        key_id: 'key',
        request_id: 'request',
        sha256: REQUEST.bodySha256,
        orders_count: 2,
        items_count: 4,
        orders_created: 2,
        orders_updated: 0,
        orders_stale: 0,
      },
    ]);
  });

  it('that is tried again says what an earlier try did, and is not stored over what came since', async () => {
    const prepared = preparedUpload('tried', orders(2, 'tried-'), REQUEST);
    const db = test.connectAs('upload');
    const first = await prepared(db, writeLimit());
    const changed = [order({ order_number: 'tried-0', status: 'later' })];
    await preparedUpload('tried', changed, { ...REQUEST, requestId: 'later' })(db, writeLimit());
    expect(await prepared(db, writeLimit())).toEqual(first);
    expect(first).toMatchObject({ orders_created: 2, is_replay: false });
    expect((await storedOrders(test.pg, 'tried'))[0]).toEqual(changed[0]);
  });

  it('of nothing new that is tried again leaves one, which no answer names', async () => {
    await upload('in-vain', orders(2, 'in-vain-'));
    const prepared = preparedUpload('in-vain', orders(2, 'in-vain-'), REQUEST);
    const db = test.connectAs('upload');
    await expect(prepared(db, { writeBy: 0 })).rejects.toThrow('too late');
    const second = await prepared(db, writeLimit());
    expect(second).toMatchObject({ orders_unchanged: 2, upload_id: null, is_replay: false });
    expect(await prepared(db, writeLimit())).toEqual(second);
    expect((await receipts('in-vain')).slice(1)).toMatchObject([
      { request_id: 'request', orders_count: 2, orders_created: 0, orders_updated: 0 },
    ]);
  });

  it('of many calls that is tried again counts once what is stale', async () => {
    const items = Array.from({ length: 3_000 }, (_, i) => item({ name: `${i} `.padEnd(255, 'я') }));
    const large = (updated_at: string) =>
      [0, 1, 2].map((n) => order({ order_number: `stale-${n}`, items, updated_at }));
    await upload('stale', large('2025-11-12T10:00:00.000000Z').slice(0, 2));
    const prepared = preparedUpload('stale', large('2025-11-11T10:00:00.000000Z'), REQUEST);
    const db = test.connectAs('upload');
    await expect(prepared(db, { writeBy: 0 })).rejects.toThrow('too late');
    await prepared(db, writeLimit());
    expect((await receipts('stale')).slice(1)).toMatchObject([
      { orders_created: 1, orders_stale: 2 },
    ]);
  });

  it('of nothing new leaves none, and writes nothing', async () => {
    await upload('same', orders(2, 'same-'));
    const before = await rows('SELECT xmin, version FROM orders ORDER BY id');
    expect(await upload('same', orders(2, 'same-'))).toMatchObject({ upload_id: null });
    expect(await receipts('same')).toHaveLength(1);
    expect(await rows('SELECT xmin, version FROM orders ORDER BY id')).toEqual(before);
  });

  it('of many calls leaves one receipt of all of them', async () => {
    const items = Array.from({ length: 3_000 }, (_, i) => item({ name: `${i} `.padEnd(255, 'я') }));
    const large = [0, 1, 2, 3, 4].map((n) => order({ order_number: `many-${n}`, items }));
    await upload('many', large.slice(0, 1));
    const { upload_id } = await upload('many', large);
    expect((await receipts('many')).slice(1)).toMatchObject([
      { id: upload_id, orders_count: 5, items_count: 15_000, orders_created: 4, orders_updated: 0 },
    ]);
  });

  it('and its receipt belong to one transaction, which each of its orders names', async () => {
    await upload('named', orders(2, 'named-'));
    const { upload_id } = await upload('named', [
      order({ order_number: 'named-0', status: 'changed' }),
    ]);
    expect(
      await rows(
        `SELECT order_number, version, created_xid = changed_xid AS is_new,
           p.id = $1 AS is_last FROM orders JOIN uploads AS p ON p.xid = changed_xid
         WHERE order_number LIKE 'named-%' ORDER BY order_number`,
        upload_id,
      ),
    ).toEqual([
      { order_number: 'named-0', version: 2, is_new: false, is_last: true },
      { order_number: 'named-1', version: 1, is_new: true, is_last: false },
    ]);
  });
});

describe('an order that an upload changes', () => {
  it('keeps what it was, with its items', async () => {
    const first = order({ order_number: 'kept', status: 'new', total_amount: '0.10' });
    await upload('keeper', [first, order({ order_number: 'other' })]);
    await upload('keeper', [
      { ...first, status: 'paid', items: [item({ name: 'Чай "белый" \\', price: '0.00' })] },
      order({ order_number: 'other' }),
      order({ order_number: 'new' }),
    ]);
    await upload('keeper', [{ ...first, status: 'paid', items: [] }]);
    const line = (fields: object) => ({ line_no: 1, name: 'Чай зелёный', quantity: 2, ...fields });
    expect(await versions('keeper')).toEqual([
      {
        version: 1,
        order_number: 'kept',
        status: 'new',
        total_amount: '0.10',
        items: [
          line({ sku: 'tea01', price: 500 }),
          line({ line_no: 2, sku: 'cup01', quantity: 1, price: 1500 }),
        ],
        is_deletion: false,
      },
      {
        version: 2,
        order_number: 'kept',
        status: 'paid',
        total_amount: '0.10',
        items: [line({ sku: 'tea01', name: 'Чай "белый" \\', price: 0 })],
        is_deletion: false,
      },
    ]);
    expect(await rows("SELECT version FROM orders WHERE order_number = 'kept'")).toEqual([
      { version: 3 },
    ]);
  });

  it('is not changed when the database swallows what it was', async () => {
    await upload('swallowed', [order({ order_number: 'swallowed' })]);
    await test.pg.query(`
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER swallow BEFORE INSERT ON order_versions FOR EACH ROW EXECUTE FUNCTION swallow()`);
    try {
      await expect(
        upload('swallowed', [order({ order_number: 'swallowed', status: 'changed' })]),
      ).rejects.toThrow('SQLState: OA002');
    } finally {
      await test.pg.query('DROP FUNCTION swallow() CASCADE');
    }
    expect(await rows("SELECT status FROM orders WHERE order_number = 'swallowed'")).toEqual([
      { status: 'delivered' },
    ]);
  });

  it('names its transaction also when a function of the release before has changed it', async () => {
    await upload('release', [order({ order_number: 'release' })]);
    const [changed] = await rows(
      `UPDATE orders SET status = 'changed', last_changed_at = now() WHERE order_number = 'release'
       RETURNING changed_xid = pg_current_xact_id() AS is_named, changed_xid > created_xid AS is_later`,
    );
    expect(changed).toEqual({ is_named: true, is_later: true });
  });
});
