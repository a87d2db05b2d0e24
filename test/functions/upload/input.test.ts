import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../fixtures/upload-body.ts';
import { namedUser } from '../../../functions/upload/input.ts';
import { errorsOf, ITEM, ORDER, parse, parseOrders } from './parsing.ts';

describe('parseUpload', () => {
  it('answers what is to be stored, in canonical form', async () => {
    expect(await parseOrders({ ...ORDER, note: 'ignored' })).toEqual({
      user: 'seller',
      itemsCount: 1,
      orders: [
        {
          order_number: '12345',
          created_at: '2025-11-12T10:00:00.000000Z',
          total_amount: '2500.00',
          status: 'delivered',
          items: [{ sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: '500.00' }],
        },
      ],
    });
  });

  it('reads amounts as they are written, not as binary fractions', async () => {
    const upload = await parse(
      JSON.stringify({ user: 's', orders: [ORDER] }).replace('2500', '9999999999.990'),
    );
    expect(upload.orders[0]?.total_amount).toBe('9999999999.99');
    expect(
      await errorsOf(
        parse(
          JSON.stringify({ user: 's', orders: [ORDER] }).replace('2500', '0.1000000000000000055'),
        ),
      ),
    ).toEqual(['/orders/0/total_amount invalid_amount']);
  });

  it('takes amounts as decimal strings, and negative ones', async () => {
    const { orders } = await parseOrders({ ...ORDER, total_amount: '-1.5', items: [] });
    expect(orders[0]?.total_amount).toBe('-1.50');
  });

  it('counts characters as PostgreSQL does', async () => {
    expect((await parseOrders({ ...ORDER, order_number: '🍵'.repeat(50) })).orders).toHaveLength(1);
    expect(await errorsOf(parseOrders({ ...ORDER, order_number: '🍵'.repeat(51) }))).toEqual([
      '/orders/0/order_number too_long',
    ]);
  });

  it.each([
    ['U+0000', 'a\\u0000b'],
    ['half of a surrogate pair', 'a\\ud83db'],
  ])('refuses %s in a text', async (_what, text) => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] }).replace('tea01', text);
    expect(await errorsOf(parse(json))).toEqual(['/orders/0/items/0/sku invalid_text']);
  });

  it.each([
    ['0', 0],
    ['-0', 0],
    ['2147483647', 2_147_483_647],
    ['2.0', 2],
    ['"2"', 2],
    ['"1.000"', 1],
    ['"007"', 7],
  ])('takes the quantity %s', async (quantity, stored) => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] });
    const { orders } = await parse(json.replace('"quantity":2', `"quantity":${quantity}`));
    expect(orders[0]?.items[0]?.quantity).toBe(stored);
  });

  it.each([
    ['-1', 'out_of_range'],
    ['2147483648', 'out_of_range'],
    ['1e3', 'invalid_type'],
    ['1.5', 'invalid_type'],
    ['"1.5"', 'invalid_type'],
    ['"1,000"', 'invalid_type'],
    ['" 2"', 'invalid_type'],
    ['""', 'invalid_type'],
    ['"-1"', 'out_of_range'],
    ['"2147483648"', 'out_of_range'],
    ['true', 'invalid_type'],
    [`1${'0'.repeat(400)}`, 'out_of_range'],
  ])('refuses the quantity %s', async (quantity, code) => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] });
    expect(await errorsOf(parse(json.replace('"quantity":2', `"quantity":${quantity}`)))).toEqual([
      `/orders/0/items/0/quantity ${code}`,
    ]);
  });

  it('keeps to the digits of each column', async () => {
    expect(
      await errorsOf(
        parseOrders({
          ...ORDER,
          total_amount: '10000000000',
          items: [{ ...ITEM, price: '100000000' }],
        }),
      ),
    ).toEqual(['/orders/0/total_amount out_of_range', '/orders/0/items/0/price out_of_range']);
  });

  it.each([
    ['[]', [' invalid_type']],
    ['"text"', [' invalid_type']],
    ['7', [' invalid_type']],
    ['null', [' invalid_type']],
    ['{}', ['/user missing', '/orders missing']],
    ['{"user":"u","orders":{}}', ['/orders invalid_type']],
    ['{"user":"u","orders":[]}', ['/orders too_short']],
    [`{"user":"${'u'.repeat(51)}","orders":[[]]}`, ['/user too_long', '/orders/0 invalid_type']],
  ])('refuses %s', async (json, errors) => {
    expect(await errorsOf(parse(json))).toEqual(errors);
  });

  it('is not harmed by __proto__, nor by keys that come twice', async () => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] })
      .replace('"user":"u"', '"__proto__":{"user":"evil","polluted":1},"user":"first","user":"u"')
      .replace('"status"', '"__proto__":{"status":"evil"},"status"');
    const upload = await parse(json);
    expect(upload.user).toBe('u');
    expect(upload.orders[0]?.status).toBe('delivered');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

describe('namedUser', () => {
  it('is a user whom the upload may be of', async () => {
    expect(namedUser(await parseBody('{"user":"seller","orders":0}'))).toBe('seller');
  });

  it.each([
    '{}',
    '{"user":""}',
    '{"user":5}',
    '{"user":"\\u0000"}',
    '[]',
    'null',
    '5',
    '"user"',
  ])('is nobody in %s', async (json) => {
    expect(namedUser(await parseBody(json))).toBeUndefined();
  });
});
