import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../functions/shared/json-number.ts';
import { Problem } from '../../../functions/shared/problem.ts';
import { parseUpload } from '../../../functions/upload/input.ts';

const ITEM = { sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: 500 };
const ORDER = {
  order_number: '12345',
  created_at: '2025-11-12T10:00:00Z',
  total_amount: 2500,
  status: 'delivered',
  items: [ITEM],
};

const parse = (json: string) => parseUpload(parseJson(json));
const parseOrders = (...orders: unknown[]) => parse(JSON.stringify({ user: 'seller', orders }));

/** The `pointer code` of every error that the upload is refused for. */
function errorsOf(action: () => unknown): string[] {
  return problemOf(action).options.errors?.map((e) => `${e.pointer} ${e.code}`) ?? [];
}

function problemOf(action: () => unknown): Problem {
  try {
    action();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('The upload was accepted.');
}

describe('parseUpload', () => {
  it('answers what is to be stored, in canonical form', () => {
    expect(parseOrders({ ...ORDER, note: 'ignored' })).toEqual({
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

  it('reads amounts as they are written, not as binary fractions', () => {
    const upload = parse(
      JSON.stringify({ user: 's', orders: [ORDER] }).replace('2500', '9999999999.990'),
    );
    expect(upload.orders[0]?.total_amount).toBe('9999999999.99');
    expect(
      errorsOf(() =>
        parse(
          JSON.stringify({ user: 's', orders: [ORDER] }).replace('2500', '0.1000000000000000055'),
        ),
      ),
    ).toEqual(['/orders/0/total_amount invalid_amount']);
  });

  it('takes amounts as decimal strings, and negative ones', () => {
    const { orders } = parseOrders({ ...ORDER, total_amount: '-1.5', items: [] });
    expect(orders[0]?.total_amount).toBe('-1.50');
  });

  it('finds every error at once, with the order numbers it knows', () => {
    const problem = problemOf(() =>
      parseOrders({ ...ORDER, status: '', items: [{ ...ITEM, quantity: 1.5 }, 7] }, null, {
        ...ORDER,
        order_number: 12,
        created_at: '2025-02-30T00:00:00Z',
      }),
    );
    expect(problem.status).toBe(400);
    expect(problem.options.errorsCount).toBe(6);
    expect(problem.options.errors).toMatchObject([
      { pointer: '/orders/0/status', code: 'too_short', order_number: '12345' },
      { pointer: '/orders/0/items/0/quantity', code: 'invalid_type', order_number: '12345' },
      { pointer: '/orders/0/items/1', code: 'invalid_type', order_number: '12345' },
      { pointer: '/orders/1', code: 'invalid_type' },
      { pointer: '/orders/2/order_number', code: 'invalid_type' },
      { pointer: '/orders/2/created_at', code: 'invalid_date_time' },
    ]);
  });

  it('lists the first 100 errors and counts all of them', () => {
    const problem = problemOf(() => parseOrders(...Array.from({ length: 250 }, () => 0)));
    expect(problem.options.errors).toHaveLength(100);
    expect(problem.options.errorsCount).toBe(250);
  });

  it('names both places of an order number that comes twice', () => {
    const problem = problemOf(() => parseOrders(ORDER, { ...ORDER, order_number: 'x' }, ORDER));
    expect(problem.options.errors).toEqual([
      {
        pointer: '/orders/2/order_number',
        code: 'duplicate',
        detail: 'Is the same as /orders/0/order_number.',
        order_number: '12345',
      },
    ]);
  });

  it('counts characters as PostgreSQL does', () => {
    expect(parseOrders({ ...ORDER, order_number: '🍵'.repeat(50) }).orders).toHaveLength(1);
    expect(errorsOf(() => parseOrders({ ...ORDER, order_number: '🍵'.repeat(51) }))).toEqual([
      '/orders/0/order_number too_long',
    ]);
  });

  it.each([
    ['U+0000', 'a\\u0000b'],
    ['half of a surrogate pair', 'a\\ud83db'],
  ])('refuses %s in a text', (_what, text) => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] }).replace('tea01', text);
    expect(errorsOf(() => parse(json))).toEqual(['/orders/0/items/0/sku invalid_text']);
  });

  it.each([0, 2_147_483_647, '2.0'])('takes the quantity %s', (quantity) => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] });
    const { orders } = parse(json.replace('"quantity":2', `"quantity":${quantity}`));
    expect(orders[0]?.items[0]?.quantity).toBe(Number(quantity));
  });

  it.each([
    ['-1', 'out_of_range'],
    ['2147483648', 'out_of_range'],
    ['1e3', 'invalid_type'],
    ['1.5', 'invalid_type'],
    ['"2"', 'invalid_type'],
    ['true', 'invalid_type'],
    [`1${'0'.repeat(400)}`, 'out_of_range'],
  ])('refuses the quantity %s', (quantity, code) => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] });
    expect(errorsOf(() => parse(json.replace('"quantity":2', `"quantity":${quantity}`)))).toEqual([
      `/orders/0/items/0/quantity ${code}`,
    ]);
  });

  it('keeps to the digits of each column', () => {
    expect(
      errorsOf(() =>
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
  ])('refuses %s', (json, errors) => {
    expect(errorsOf(() => parse(json))).toEqual(errors);
  });

  it('is not harmed by __proto__, nor by keys that come twice', () => {
    const json = JSON.stringify({ user: 'u', orders: [ORDER] })
      .replace('"user":"u"', '"__proto__":{"user":"evil","polluted":1},"user":"first","user":"u"')
      .replace('"status"', '"__proto__":{"status":"evil"},"status"');
    const upload = parse(json);
    expect(upload.user).toBe('u');
    expect(upload.orders[0]?.status).toBe('delivered');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
