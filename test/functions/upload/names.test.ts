import { describe, expect, it } from 'vitest';
import { errorsOf, ITEM, ORDER, parse, parseOrders, problemOf } from './parsing.ts';

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
