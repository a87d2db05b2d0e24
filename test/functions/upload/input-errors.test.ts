import { describe, expect, it } from 'vitest';
import { MAX_COUNTED_ERRORS } from '../../../functions/shared/error-list.ts';
import { check, ITEM, ORDER, parse, parseOrders, problemOf } from './parsing.ts';

describe('parseUpload', () => {
  it('finds every error at once, with the order numbers it knows', async () => {
    const problem = await problemOf(
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

  it('lists the first 100 errors and counts all of them', async () => {
    const problem = await problemOf(parseOrders(...Array.from({ length: 250 }, () => 0)));
    expect(problem.options.errors).toHaveLength(100);
    expect(problem.options.errors?.at(-1)?.pointer).toBe('/orders/99');
    expect(problem.options.errorsCount).toBe(250);
  });

  it('lists some of every kind, however many came before', async () => {
    const late = {
      order_number: 'late',
      total_amount: '1,5',
      created_at: 'today',
      status: 'x'.repeat(21),
      items: [{ sku: '', price: 'free' }],
    };
    const wrong = Array.from({ length: 9_975 }, (_, i) => ({
      ...ORDER,
      order_number: `${i}`,
      status: '',
    }));
    const { errors = [], errorsCount } = (await problemOf(parseOrders(...wrong, late))).options;
    expect(errorsCount).toBe(9_975 + 7);
    expect(errors).toHaveLength(100);
    expect(errors.slice(92).map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/orders/92/status too_short',
      '/orders/9975/created_at invalid_date_time',
      '/orders/9975/total_amount invalid_amount',
      '/orders/9975/status too_long',
      '/orders/9975/items/0/sku too_short',
      '/orders/9975/items/0/name missing',
      '/orders/9975/items/0/quantity missing',
      '/orders/9975/items/0/price invalid_amount',
    ]);
  });

  it('stops where there are errors enough, and says so', async () => {
    let looks = 0;
    const order = Object.defineProperty({}, 'order_number', {
      enumerable: true,
      get: () => {
        looks += 1;
        return '1';
      },
    });
    const count = 30_000;
    const body = { user: 'seller', orders: Array.from({ length: count }, () => order) };
    const problem = await problemOf(check(body));
    expect(problem.message).toBe(
      `At least ${MAX_COUNTED_ERRORS} errors were found; nothing was stored.`,
    );
    expect(problem.options.errorsCount).toBe(MAX_COUNTED_ERRORS);
    expect(looks).toBeLessThan(3.5 * (MAX_COUNTED_ERRORS / 4));
  });

  it('stops within the items of an order, too', async () => {
    const items = Array.from({ length: MAX_COUNTED_ERRORS }, () => ({}));
    Object.defineProperty(items, MAX_COUNTED_ERRORS - 1, {
      get: () => expect.fail('The last item was looked at.'),
    });
    const body = { user: 'seller', orders: [{ ...ORDER, total_amount: '1', items }] };
    expect((await problemOf(check(body))).message).toContain('At least');
  });

  it.each([
    ['"12,50"', '12,50'],
    ['1e3', '1e3'],
    ['0.1000000000000000055', '0.1000000000000000055'],
    ['null', 'null'],
    ['true', 'true'],
    ['""', ''],
    ['"\\u00005"', '\x005'],
    [`"${'🍵'.repeat(200)}"`, '🍵'.repeat(100)],
    ['"a\\ud83d"', 'a\ufffd'],
    ['{"a":[1,2.50,"x\\"",{}],"b":null}', '{"a":[1,2.5,"x\\"",{}],"b":null}'],
    [`[${'['.repeat(5_000)}${']'.repeat(5_000)}]`, '['.repeat(100)],
  ])('shows the refused value %s', async (json, shown) => {
    const body = JSON.stringify({ user: 's', orders: [ORDER] }).replace('2500', json);
    expect((await problemOf(parse(body))).options.errors).toMatchObject([
      { pointer: '/orders/0/total_amount', value: shown },
    ]);
  });

  it('shows the value last, and none where a field is missing', async () => {
    const { errors = [] } = (
      await problemOf(parseOrders({ ...ORDER, status: undefined, items: 5 }))
    ).options;
    expect(errors.map((error) => Object.entries(error))).toEqual([
      [
        ['pointer', '/orders/0/status'],
        ['code', 'missing'],
        ['detail', 'Is missing.'],
        ['order_number', '12345'],
      ],
      [
        ['pointer', '/orders/0/items'],
        ['code', 'invalid_type'],
        ['detail', 'Must be an array, not a number.'],
        ['order_number', '12345'],
        ['value', '5'],
      ],
    ]);
  });

  it.each([
    undefined,
    null,
    '',
  ])('says what to send where a SKU or a total is %j', async (absent) => {
    const { errors = [] } = (
      await problemOf(
        parseOrders({ ...ORDER, total_amount: absent, items: [{ ...ITEM, sku: absent }] }),
      )
    ).options;
    expect(errors.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('send the sum of its items'),
      expect.stringContaining('send its id in your shop'),
    ]);
  });

  it('says which part of a date is wrong', async () => {
    const { errors = [] } = (
      await problemOf(parseOrders({ ...ORDER, created_at: '2025-02-30T00:00:00Z' }))
    ).options;
    expect(errors[0]?.detail).toMatch(/: 2025-02 has no day 30\.$/);
  });

  it('names both places of an order number that comes twice', async () => {
    const problem = await problemOf(parseOrders(ORDER, { ...ORDER, order_number: 'x' }, ORDER));
    expect(problem.options.errors).toEqual([
      {
        pointer: '/orders/2/order_number',
        code: 'duplicate',
        detail: 'Is the same as /orders/0/order_number.',
        order_number: '12345',
      },
    ]);
  });
});
