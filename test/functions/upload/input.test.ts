import { describe, expect, it } from 'vitest';
import { parseBody } from '../../../fixtures/upload-body.ts';
import { MAX_COUNTED_ERRORS } from '../../../functions/shared/error-list.ts';
import { Problem } from '../../../functions/shared/problem.ts';
import { namedUser, parseUpload, type Upload } from '../../../functions/upload/input.ts';

const ITEM = { sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: 500 };
const ORDER = {
  order_number: '12345',
  created_at: '2025-11-12T10:00:00Z',
  total_amount: 2500,
  status: 'delivered',
  items: [ITEM],
};

const check = async (body: unknown) => parseUpload(body);
const parse = async (json: string) => check(await parseBody(json));
const parseOrders = (...orders: unknown[]) => parse(JSON.stringify({ user: 'seller', orders }));

/** The `pointer code` of every error that the upload is refused for. */
async function errorsOf(parsing: Promise<Upload>): Promise<string[]> {
  const { errors = [] } = (await problemOf(parsing)).options;
  return errors.map(({ pointer, code }) => `${pointer} ${code}`);
}

async function problemOf(parsing: Promise<Upload>): Promise<Problem> {
  const refusal: unknown = await parsing.then(
    () => expect.fail('The upload was accepted.'),
    (error) => error,
  );
  if (refusal instanceof Problem) return refusal;
  throw refusal;
}

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

describe('names in an upload', () => {
  const FIELDS = ['order_number', 'status', 'sku'] as const;
  const withName = (field: (typeof FIELDS)[number], value: string) =>
    field === 'sku' ? { ...ORDER, items: [{ ...ITEM, sku: value }] } : { ...ORDER, [field]: value };
  const place = { order_number: 'order_number', status: 'status', sku: 'items/0/sku' };

  it.each([
    [' paid', 'outer_space', 'U+0020'],
    ['paid\n', 'outer_space', 'U+000A'],
    ['paid\u00a0', 'outer_space', 'U+00A0'],
    ['\u2003', 'outer_space', 'U+2003'],
    ['in\ttransit', 'invisible_character', 'U+0009'],
    ['in\u00a0transit', 'invisible_character', 'U+00A0'],
    ['pa\u200bid', 'invisible_character', 'U+200B'],
    ['pa\u200did', 'invisible_character', 'U+200D'],
    ['опл\u00adачен', 'invisible_character', 'U+00AD'],
    ['paid\u200f', 'invisible_character', 'U+200F'],
    ['\ufeffpaid', 'invisible_character', 'U+FEFF'],
    ['paid\ufe0f', 'invisible_character', 'U+FE0F'],
    ['日\u200c本', 'invisible_character', 'U+200C'],
    ['🏴\u{e0067}', 'invisible_character', 'U+E0067'],
    ['\u2800', 'invisible_character', 'U+2800'],
    ['\u007f', 'invisible_character', 'U+007F'],
  ])('must not be %j: %s, which names %s', async (value, code, codePoint) => {
    for (const field of FIELDS) {
      const { errors } = (await problemOf(parseOrders(withName(field, value)))).options;
      expect(errors).toMatchObject([{ pointer: `/orders/0/${place[field]}`, code }]);
      expect(errors?.[0]?.detail).toContain(codePoint);
    }
  });

  it.each([
    'in  transit',
    'оплачён',
    '❤\ufe0f',
    '👩🏽\u200d🚀',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '1\ufe0f\u20e3',
    'می\u200cخواهم',
    'क्\u200dष',
    '-1.5/#?&«»—',
  ])('may be %j, and stay so', async (value) => {
    for (const field of FIELDS) {
      const { orders } = await parseOrders(withName(field, value));
      const [stored] = field === 'sku' ? (orders[0]?.items ?? []) : orders;
      expect(stored).toHaveProperty(field, value);
    }
  });

  it('are composed before they are counted, compared and stored', async () => {
    const decomposed = 'ё'.normalize('NFD');
    const { orders } = await parseOrders({
      ...ORDER,
      order_number: decomposed.repeat(50),
      status: decomposed.repeat(20),
      items: [{ ...ITEM, sku: decomposed.repeat(50), name: decomposed }],
    });
    expect(orders[0]).toMatchObject({
      order_number: 'ё'.repeat(50),
      status: 'ё'.repeat(20),
      items: [{ sku: 'ё'.repeat(50), name: decomposed }],
    });
    expect(await errorsOf(parseOrders({ ...ORDER, status: 'x'.repeat(21) }))).toEqual([
      '/orders/0/status too_long',
    ]);
    // Some characters are composed by being parted.
    expect(await errorsOf(parseOrders({ ...ORDER, status: '\u0958'.repeat(20) }))).toEqual([
      '/orders/0/status too_long',
    ]);
    expect(
      await errorsOf(
        parseOrders({ ...ORDER, order_number: 'ё' }, { ...ORDER, order_number: decomposed }),
      ),
    ).toEqual(['/orders/1/order_number duplicate']);
  });

  it('are looked at once, however long they are', async () => {
    const value = `a${' '.repeat(5_000_000)}a`; // by the square of the length it takes hours
    expect(await errorsOf(parseOrders({ ...ORDER, status: value }))).toEqual([
      '/orders/0/status too_long',
    ]);
  });

  it('leave the names of items and sellers alone', async () => {
    const upload = await parse(
      JSON.stringify({
        user: 'spacey ',
        orders: [{ ...ORDER, items: [{ ...ITEM, name: ' Чай\u00a0\u200bзелёный\t' }] }],
      }),
    );
    expect(upload).toMatchObject({
      user: 'spacey ',
      orders: [{ items: [{ name: ' Чай\u00a0\u200bзелёный\t' }] }],
    });
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
