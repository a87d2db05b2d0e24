import { beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order, orders, rollUpDifferences } from '../../helpers/orders.ts';
import { type AmendClient, amendClient, numbersQuery } from './client.ts';

const test = useEmptyDatabase();
let api: AmendClient;
beforeAll(async () => {
  api = await amendClient(test.environmentOf('amend'));
});

const seller = () => changesOf(test);
const errorsOf = (body: Readonly<Record<string, unknown>>) =>
  (body.errors as { pointer?: string; code: string; order_number?: string }[]).map(
    ({ pointer, code, order_number }) => [pointer ?? order_number, code].join(' '),
  );

const ANY_ID = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/,
);

describe('DELETE /api/orders', () => {
  it('deletes the orders that there are, and names the others', async () => {
    await seller().upload(...orders(3, 'o'));
    const { status, body } = await api.remove(numbersQuery('seller', 'x', 'o0', 'o2'));
    expect([status, body]).toEqual([
      200,
      { user: 'seller', orders_deleted: 2, not_found: ['x'], upload_id: ANY_ID },
    ]);
    expect(Object.keys(body)).toEqual(['user', 'orders_deleted', 'not_found', 'upload_id']);
    expect(await seller().stored()).toHaveLength(1);
    const again = await api.remove(numbersQuery('seller', 'o0'));
    expect(again.body).toEqual({
      user: 'seller',
      orders_deleted: 0,
      not_found: ['o0'],
      upload_id: null,
    });
  });

  it('takes a number composed or not, and once if it comes twice', async () => {
    await seller().upload(order({ order_number: 'ё-1' }));
    const { body } = await api.remove(numbersQuery('seller', 'е\u0308-1', 'ё-1', 'Ё-1'));
    expect(body).toMatchObject({ orders_deleted: 1, not_found: ['Ё-1'] });
  });

  it('deletes what is stored under a number that is none any more', async () => {
    await seller().upload(order({ order_number: 'ё' }), order({ order_number: 'other' }));
    await test.pg.query("UPDATE orders SET order_number = 'е\u0308 ' WHERE order_number = 'other'");
    const { body } = await api.remove(numbersQuery('seller', 'е\u0308 '));
    expect(body).toMatchObject({ orders_deleted: 1, not_found: [] });
    expect(await seller().stored()).toMatchObject([{ order_number: 'ё' }]);
  });

  it('deletes of two that differ in how they are composed the one that is named', async () => {
    await seller().upload(order({ order_number: 'old' }));
    await test.pg.query("UPDATE orders SET order_number = 'е\u0308'");
    await seller().upload(order({ order_number: 'ё' }));
    const { body } = await api.remove(numbersQuery('seller', 'е\u0308'));
    expect(body).toMatchObject({ orders_deleted: 1, not_found: [] });
    expect(await seller().stored()).toMatchObject([{ order_number: 'ё' }]);
  });

  it.each([
    ['', ['?order_number missing', '?user missing']],
    ['user=seller', ['?order_number missing']],
    ['user=seller&order_number=', ['?order_number too_short']],
    [numbersQuery('seller', 'я'.repeat(51)), ['?order_number too_long']],
    [
      numbersQuery('seller', ...orders(101, 'n').map((o) => o.order_number)),
      ['?order_number out_of_range'],
    ],
    ['user=seller&order_number=a&order_numbers=b', ['?order_numbers unknown']],
    ['user=seller&order_number=a&order_number=%ff', ['?order_number invalid_utf8']],
    ['user=seller&order_number=a%00', ['?order_number invalid_text']],
  ])('refuses %s and deletes nothing', async (query, errors) => {
    await seller().upload(order({ order_number: 'a' }));
    const { status, body } = await api.remove(query);
    expect([status, errorsOf(body).sort()]).toEqual([400, errors]);
    expect(await seller().stored()).toHaveLength(1);
  });

  it('takes a hundred numbers', async () => {
    await seller().upload(...orders(100, 'n'));
    const numbers = orders(100, 'n').map((o) => o.order_number);
    const { body } = await api.remove(numbersQuery('seller', ...numbers));
    expect(body).toMatchObject({ orders_deleted: 100 });
  });

  it('is answered as the first time when its Idempotency-Key comes again, and says so', async () => {
    await seller().upload(order({ order_number: 'o' }));
    const headers = { 'idempotency-key': 'k' };
    const first = await api.remove(numbersQuery('seller', 'o', 'x'), { headers });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    await seller().upload(order({ order_number: 'o' }));
    const again = await api.remove(numbersQuery('seller', 'o', 'x'), { headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    const other = await api.remove(numbersQuery('seller', 'x'), { headers });
    expect([other.status, errorsOf(other.body)]).toEqual([422, [' idempotency_key_reused']]);
    const bad = await api.remove(numbersQuery('seller', 'x'), {
      headers: { 'idempotency-key': '' },
    });
    expect([bad.status, errorsOf(bad.body)]).toEqual([400, [' invalid_idempotency_key']]);
  });

  it("answers 403 to another seller's key", async () => {
    const { status } = await api.remove(numbersQuery('seller', 'o'), { seller: 'other' });
    expect(status).toBe(403);
  });
});

describe('POST /api/uploads/{id}/undo', () => {
  async function twoUploads() {
    await seller().upload(order({ order_number: 'a' }), order({ order_number: 'b' }));
    const { upload_id } = await seller().upload(
      order({ order_number: 'a', status: 'x' }),
      order({ order_number: 'b', status: 'x' }),
      order({ order_number: 'c' }),
    );
    await seller().upload(order({ order_number: 'b', status: 'y' }));
    return String(upload_id);
  }

  it('takes back what nobody has changed since, and names the rest', async () => {
    const id = await twoUploads();
    const { status, body } = await api.undo(id);
    expect([status, body]).toEqual([
      200,
      {
        user: 'seller',
        undone: id,
        orders_restored: 1,
        orders_removed: 1,
        orders_recreated: 0,
        orders_left_alone: 1,
        left_alone: ['b'],
        upload_id: ANY_ID,
      },
    ]);
    expect(Object.keys(body)).toEqual([
      'user',
      'undone',
      'orders_restored',
      'orders_removed',
      'orders_recreated',
      'orders_left_alone',
      'left_alone',
      'upload_id',
    ]);
    expect(await seller().stored()).toMatchObject([{ status: 'delivered' }, { status: 'y' }]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    const redone = await api.undo(body.upload_id, 'user=seller&conflicts=refuse');
    expect(redone.body).toMatchObject({ orders_restored: 1, orders_recreated: 1 });
  });

  it('does nothing when it is to refuse what was changed since, and names that', async () => {
    const id = await twoUploads();
    const { status, body } = await api.undo(id, 'conflicts=refuse');
    expect([status, errorsOf(body), body.errors_count]).toEqual([409, ['b changed_since'], 1]);
    expect(await seller().stored()).toHaveLength(3);
    const left = await api.undo(id, 'conflicts=leave');
    expect(left.body).toMatchObject({ orders_restored: 1, orders_left_alone: 1 });
  });

  it('finds the upload by an id in capital letters, and answers it in small ones', async () => {
    const id = await twoUploads();
    const { body } = await api.undo(id.toUpperCase());
    expect(body).toMatchObject({ undone: id, orders_restored: 1 });
  });

  it.each([
    ['019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f'],
    ['no-id'],
    [''],
    ["019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f'"],
  ])('answers 404 to the id %s', async (id) => {
    await seller().upload(order());
    expect(await api.undo(id)).toMatchObject({
      status: 404,
      body: { detail: 'There is no such upload.' },
    });
  });

  it.each([
    ['conflicts=overwrite', ['?conflicts invalid_choice']],
    ['conflicts=', ['?conflicts invalid_choice', '?conflicts too_short']],
    ['conflict=refuse', ['?conflict unknown']],
    ['user=seller&user=seller', ['?user duplicate']],
  ])('refuses %s and undoes nothing', async (query, errors) => {
    const id = await twoUploads();
    const { status, body } = await api.undo(id, query);
    expect([status, errorsOf(body).sort()]).toEqual([400, errors]);
    expect(await seller().stored()).toHaveLength(3);
  });

  it("is closed to another seller's key: 404 for the upload, 403 where the seller is named", async () => {
    const id = await twoUploads();
    expect(await api.undo(id, '', { seller: 'other' })).toMatchObject({ status: 404 });
    expect(await api.undo(id, 'user=seller', { seller: 'other' })).toMatchObject({ status: 403 });
    expect(await seller().stored()).toHaveLength(3);
  });

  it('answers 409 to an upload that is too old', async () => {
    const id = await twoUploads();
    await test.pg.query('DELETE FROM order_versions');
    const { status, body } = await api.undo(id);
    expect([status, errorsOf(body)]).toEqual([409, [' too_old']]);
  });

  it('is answered as the first time when its Idempotency-Key comes again, and says so', async () => {
    const id = await twoUploads();
    const headers = { 'idempotency-key': 'k' };
    const first = await api.undo(id, '', { headers });
    const again = await api.undo(id, '', { headers });
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    const other = await api.undo(id, 'conflicts=refuse', { headers });
    expect([other.status, errorsOf(other.body)]).toEqual([422, [' idempotency_key_reused']]);
  });
});
