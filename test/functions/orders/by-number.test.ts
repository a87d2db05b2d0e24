import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { item, order, orders } from '../../helpers/orders.ts';
import { errorsOf } from '../stats/client.ts';
import { numbersOf, ordersOf, type Query, useOrders } from './client.ts';

const { addItems, collide, get, sql, upload } = useOrders();

const ask = (user: string, order_number: string | readonly string[], more: Query = {}) =>
  get('/api/orders', { user, order_number, ...more });

describe('GET /api/orders by number', () => {
  it('answers an order exactly as it was uploaded, amounts with two decimals', async () => {
    const { upload_id } = await upload('test_seller', [
      order({
        order_number: '12345',
        updated_at: '2025-11-12T10:00:00.123456Z',
        items: [
          item({ sku: 'tea "01" \\', name: 'Чай\n🫖 зелёный', quantity: 2, price: '500.00' }),
          item({ sku: 'cup01', name: 'Чашка', quantity: 2_147_483_647, price: '-99999999.99' }),
        ],
      }),
    ]);
    const [stored] = await sql(
      `SELECT to_char(last_changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM orders`,
    );
    const { statusCode, headers, body } = await ask('test_seller', '12345');
    expect([statusCode, headers]).toEqual([200, { 'content-type': 'application/json' }]);
    expect(body).toBe(
      `{"user":"test_seller","orders":[{"order_number":"12345","created_at":"2025-11-12T10:00:00.000000Z","total_amount":2500.00,"status":"delivered","updated_at":"2025-11-12T10:00:00.123456Z","items":[{"sku":"tea \\"01\\" \\\\","name":"Чай\\n🫖 зелёный","quantity":2,"price":500.00},{"sku":"cup01","name":"Чашка","quantity":2147483647,"price":-99999999.99}],"version":1,"upload_id":"${upload_id}","first_uploaded_at":"${stored.at}","last_changed_at":"${stored.at}"}],"not_found":[]}`,
    );
  });

  it('answers them in the order asked for, each once, and says which there are not', async () => {
    await upload('places', orders(3, 'p'));
    const answer = await ask('places', ['p2', 'none', 'p0', 'p2', '%2F', 'p1']);
    expect(numbersOf(answer)).toEqual(['p2', 'p0', 'p1']);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ not_found: ['none', '%2F'] });
  });

  it('finds numbers that no path could hold', async () => {
    const odd = ['stats', '12/7', '%2F', 'a,b', '..', 'x&order_number=y', 'a+b c', '"{}\\', "'"];
    await upload(
      'odd',
      odd.map((order_number) => order({ order_number })),
    );
    expect(numbersOf(await ask('odd', odd))).toEqual(odd);
  });

  it("has another seller's order among those that are not found", async () => {
    await upload('mine', [order({ order_number: 'mine' })]);
    await upload('theirs', [order({ order_number: 'theirs' })]);
    const answer = await ask('mine', ['theirs', 'mine']);
    expect(numbersOf(answer)).toEqual(['mine']);
    expect(JSON.parse(answer.body ?? '').not_found).toEqual(['theirs']);
  });

  it('finds a number however it is composed, and one from before numbers were', async () => {
    const [nfc, nfd] = ['ёлка'.normalize('NFC'), 'ёлка'.normalize('NFD')];
    await upload('composed', [order({ order_number: nfc })]);
    await upload('composed', [order({ order_number: 'old' })]);
    await sql('UPDATE orders SET order_number = $1 WHERE order_number = $2', `${nfd} `, 'old');
    expect(numbersOf(await ask('composed', nfd))).toEqual([nfc]);
    expect(numbersOf(await ask('composed', [nfd, nfc]))).toEqual([nfc]);
    expect(numbersOf(await ask('composed', `${nfd} `))).toEqual([`${nfd} `]);
  });

  it('finds of two that differ in how they are composed the one that is asked for', async () => {
    const [nfc, nfd] = ['é'.normalize('NFC'), 'é'.normalize('NFD')];
    await upload('twins', [order({ order_number: 'old' })]);
    await sql('UPDATE orders SET order_number = $1 WHERE order_number = $2', nfd, 'old');
    await upload('twins', [order({ order_number: nfc })]);
    expect(numbersOf(await ask('twins', nfd))).toEqual([nfd]);
    expect(numbersOf(await ask('twins', nfc))).toEqual([nfc]);
  });

  it('names the upload that changed an order last, and none where that is older than receipts', async () => {
    await upload('receipts', orders(2, 'r'));
    const { upload_id } = await upload('receipts', [order({ order_number: 'r0', items: [] })]);
    await sql("UPDATE orders SET changed_xid = '2' WHERE order_number = 'r1'");
    expect(ordersOf(await ask('receipts', ['r0', 'r1']))).toMatchObject([
      { version: 2, upload_id, items: [], updated_at: null },
      { version: 1, upload_id: null },
    ]);
  });

  it('answers 404 to an unknown user', async () => {
    expect((await ask('nobody', '1')).statusCode).toBe(404);
  });

  const LONG = 'ё'.normalize('NFD').repeat(50);
  it.each<[string, Query, string[]]>([
    ['no seller', { order_number: 'a' }, ['?user missing']],
    ['an empty number', { user: 'a', order_number: '' }, ['?order_number too_short']],
    ['51 characters', { user: 'a', order_number: 'x'.repeat(51) }, ['?order_number too_long']],
    ['U+0000', { user: 'a', order_number: 'a\0' }, ['?order_number invalid_text']],
    [
      '101 numbers',
      { user: 'a', order_number: orders(101, '').map((one) => one.order_number) },
      ['?order_number out_of_range'],
    ],
    ['a misspelt parameter', { user: 'a', order_number: 'a', form: '1' }, ['?form unknown']],
    [
      'a page of some numbers',
      { user: 'a', order_number: 'a', limit: '1', after: 'x', status: 'new' },
      ['?limit unknown', '?after unknown', '?status unknown'],
    ],
  ])('answers 400 to %s', async (_, query, errors) => {
    expect(errorsOf(await get('/api/orders', query))).toEqual(errors);
  });

  it('takes 100 numbers of 50 characters, composed or not', async () => {
    const numbers = orders(99, '🫖'.repeat(48)).map((one) => one.order_number);
    const { statusCode, body } = await ask('mine', [...numbers, LONG]);
    expect([statusCode, JSON.parse(body ?? '').not_found]).toEqual([200, [...numbers, LONG]]);
  });
});

describe('an order that another seller’s upload would have written by its transaction’s number', () => {
  it('has no upload: numbers come again in a copy of the data in another cluster', async () => {
    await collide();
    expect(ordersOf(await ask('owner', 'owner-0'))).toMatchObject([{ upload_id: null }]);
  });
});

describe('orders that are more than the Data API answers at once', () => {
  const QUOTES = '"'.repeat(255);
  beforeAll(() => sql('DROP INDEX order_items_search_idx')); // megabytes of words take seconds

  it('are answered all, in several calls', async () => {
    const numbers = orders(12, 'many-').map((one) => one.order_number);
    await upload('many', orders(12, 'many-'));
    for (const number of numbers) await addItems(number, 200, QUOTES);
    const answer = await ask('many', [...numbers.toReversed(), 'none']);
    expect(numbersOf(answer)).toEqual(numbers.toReversed());
    expect(ordersOf(answer).map((one) => one.items.length)).toEqual(numbers.map(() => 202));
  });

  it('are answered also where one alone is more', async () => {
    const name = `$& $1 $$ ${'яы'.repeat(120)}`; // of replacements, too, it is given as it is
    await upload('large', [
      order({ order_number: 'small' }),
      order({ order_number: '"items":[]', items: [item({ name: '"items":[]' })] }),
      order({ order_number: 'last' }),
    ]);
    await addItems('"items":[]', 3_000, name);
    const answer = await ask('large', ['small', '"items":[]', 'none', 'last']);
    expect(numbersOf(answer)).toEqual(['small', '"items":[]', 'last']);
    expect(ordersOf(answer)[1]?.items).toEqual([
      { ...item({ name: '"items":[]' }), price: 500 },
      ...Array.from({ length: 3_000 }, (_, i) => ({
        sku: `sku-${i + 1}`,
        name,
        quantity: 1,
        price: 0.1,
      })),
    ]);
    expect(answer.body).toContain('"price":0.10},{"sku":"sku-3000"');
  });

  it('are answered compressed where Lambda would take them no other way', async () => {
    await upload('largest', [order({ order_number: 'largest', items: [] })]);
    await addItems('largest', 3_300, '\u0001'.repeat(255));
    const answer = await get(
      '/api/orders',
      { user: 'largest', order_number: 'largest' },
      { headers: { 'accept-encoding': 'gzip' } },
    );
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    const body = gunzipSync(Buffer.from(answer.body ?? '', 'base64')).toString();
    expect(ordersOf({ body })[0]?.items).toHaveLength(3_300);
  });
});
