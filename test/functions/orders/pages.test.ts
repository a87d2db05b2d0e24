import { describe, expect, it } from 'vitest';
import { order, orders, shuffled } from '../../helpers/orders.ts';
import { errorsOf } from '../stats/client.ts';
import { type Answer, numbersOf, ordersOf, type Query, useOrders } from './client.ts';

const { addItems, get, sql, upload } = useOrders();

const ask = (user: string, more: Query = {}) => get('/api/orders', { user, ...more });

const nextOf = ({ body }: Answer): string | null => JSON.parse(body ?? '').next;

/** The order numbers of all pages. */
async function pages(user: string, query: Query = {}): Promise<string[][]> {
  const all: string[][] = [];
  for (let after: string | null = null; ; ) {
    const answer = await ask(user, { ...query, ...(after !== null && { after }) });
    expect(answer).toMatchObject({ statusCode: 200 });
    all.push(numbersOf(answer));
    after = nextOf(answer);
    if (after === null) return all;
  }
}

const at = (order_number: string, created_at: string, fields: object = {}) =>
  order({ order_number, created_at, ...fields });

describe('a page of orders', () => {
  it('has the oldest first, whole as by number, and says when there are no more', async () => {
    await upload('test_seller', [
      at('c', '2025-11-12T10:00:00.000001Z'),
      at('a', '2025-11-11T10:00:00.000000Z'),
      at('b', '2025-11-12T10:00:00.000000Z'),
    ]);
    await upload('other', [at('other', '2025-11-12T10:00:00.000000Z')]);
    const answer = await ask('test_seller');
    expect(numbersOf(answer)).toEqual(['a', 'b', 'c']);
    const byNumber = await ask('test_seller', { order_number: ['a', 'b', 'c'] });
    expect(ordersOf(answer)).toEqual(ordersOf(byNumber));
    expect(answer.body).toMatch(
      /^{"user":"test_seller","orders":\[{.*"total_amount":2500\.00,.*}],"next":null}$/,
    );
  });

  it('is empty where there is nothing, and a 404 where there is no such seller', async () => {
    await sql("INSERT INTO users (username) VALUES ('idle')");
    expect(await ask('idle')).toMatchObject({ body: '{"user":"idle","orders":[],"next":null}' });
    expect(await ask('idle', { status: 'new' })).toMatchObject({
      body: '{"user":"idle","orders":[],"next":null}',
    });
    expect(await ask('nobody')).toMatchObject({ statusCode: 404 });
  });

  it('goes on where the one before ended, also among orders of the same instant', async () => {
    const same = orders(25, 'same-', { created_at: '2025-01-01T00:00:00.000000Z' });
    await upload('same', shuffled([...same, at('later', '2025-01-01T00:00:00.000001Z')], 1));
    const found = await pages('same', { limit: '10' });
    expect(found.map((page) => page.length)).toEqual([10, 10, 6]);
    expect(new Set(found.flat()).size).toBe(26);
    expect(found.at(-1)?.at(-1)).toBe('later');
    expect((await pages('same', { limit: '13' })).map((page) => page.length)).toEqual([13, 13]);
  });

  it('has orders of the days asked for', async () => {
    await upload('days', [
      at('d1', '2025-01-31T23:59:59.999999Z'),
      at('d2', '2025-02-01T00:00:00.000000Z'),
      at('d3', '2025-02-28T23:59:59.999999Z'),
      at('d4', '2025-03-01T00:00:00.000000Z'),
      at('first', '1970-01-01T00:00:00.000000Z'),
      at('last', '9999-12-31T23:59:59.999999Z'),
    ]);
    const numbers = async (query: Query) => (await pages('days', { ...query, limit: '1' })).flat();
    expect(await numbers({ from: '2025-02-01', to: '2025-03-01' })).toEqual(['d2', 'd3']);
    expect(await numbers({ from: '2025-03-01' })).toEqual(['d4', 'last']);
    expect(await numbers({ to: '2025-02-01' })).toEqual(['first', 'd1']);
    expect(await numbers({ from: '9999-12-31', to: '10000-01-01' })).toEqual(['last']);
    expect(await numbers({ from: '2025-02-02', to: '2025-02-03' })).toEqual([]);
    const status = 'delivered';
    expect(await numbers({ status })).toEqual(['first', 'd1', 'd2', 'd3', 'd4', 'last']);
    expect(await numbers({ status, from: '2025-02-01', to: '2025-03-01' })).toEqual(['d2', 'd3']);
  });

  it('has orders of the statuses asked for, commas and other forms of letters included', async () => {
    const statuses = ['paid', 'sent, late', 'учтён'.normalize('NFC')];
    await upload(
      'statuses',
      statuses.map((status, i) => order({ order_number: `s${i}`, status })),
    );
    const numbers = async (status: string[]) => numbersOf(await ask('statuses', { status }));
    expect(await numbers(['paid'])).toEqual(['s0']);
    expect(await numbers(['sent, late', 'учтён'.normalize('NFD')])).toEqual(['s1', 's2']);
    expect(await numbers(['sent', 'late'])).toEqual([]);
  });

  it('of a status has no order twice and misses none, wherever pages end', async () => {
    const list = Array.from({ length: 40 }, (_, i) => {
      const day = String(1 + ((i * 7) % 28)).padStart(2, '0');
      const status = i % 5 === 0 ? 'rare' : 'often';
      return at(`m${i}`, `2025-02-${day}T0${i % 3}:00:00.000000Z`, { status });
    });
    await upload('model', list);
    const expected = (status: string) =>
      new Set(list.filter((one) => one.status === status).map((one) => one.order_number));
    for (const limit of ['1', '5', '8', '500']) {
      for (const status of ['rare', 'often']) {
        const found = await pages('model', { status, limit });
        expect(found.flat()).toHaveLength(expected(status).size);
        expect(new Set(found.flat())).toEqual(expected(status));
        expect(found.slice(0, -1).every((page) => page.length > 0)).toBe(true);
      }
      expect((await pages('model', { status: ['rare', 'often'], limit })).flat()).toEqual(
        (await pages('model', { limit: '500' })).flat(),
      );
    }
  });

  it('of a rare status is a short one where too many others were looked at', async () => {
    const list = [1, 2, 3, 4, 5].map((day) =>
      at(`short-${day}`, `2025-02-0${day}T12:00:00.000000Z`, { status: 'rare' }),
    );
    await upload('short', list);
    await sql(
      `INSERT INTO daily_order_stats
       SELECT id, date '2025-02-01' + n, 'often', 15000, 0
       FROM users, generate_series(0, 4) AS n WHERE username = 'short'`,
    );
    expect(await pages('short', { status: 'rare' })).toEqual([
      ['short-1', 'short-2'],
      ['short-3', 'short-4', 'short-5'], // the first day of a page that goes on counts for nothing
    ]);
  });

  it('goes on past days of which the roll-up knows orders that are not there', async () => {
    await upload('drift', [at('drift', '2025-02-09T12:00:00.000000Z')]);
    await sql(
      `INSERT INTO daily_order_stats
       SELECT id, date '2025-02-01' + n, 'delivered', 15000, 0
       FROM users, generate_series(0, 4) AS n WHERE username = 'drift'`,
    );
    expect((await pages('drift', { status: 'delivered' })).flat()).toEqual(['drift']);
  });

  it.each<[string, Query, string[]]>([
    ['no seller', {}, ['?user missing']],
    ['a limit of 0', { user: 'a', limit: '0' }, ['?limit out_of_range']],
    ['a limit of 501', { user: 'a', limit: '501' }, ['?limit out_of_range']],
    ['a limit that is no number', { user: 'a', limit: '1e2' }, ['?limit out_of_range']],
    ['a day that is none', { user: 'a', from: '2025-02-30' }, ['?from invalid_date']],
    ['a cursor that is none', { user: 'a', after: 'MTI' }, ['?after invalid_cursor']],
    [
      'two cursors',
      { user: 'a', after: ['x', 'y'] },
      ['?after duplicate', '?after invalid_cursor'],
    ],
    ['a misspelt parameter', { user: 'a', form: '1' }, ['?form unknown']],
  ])('is a 400 for %s', async (_, query, errors) => {
    expect(errorsOf(await get('/api/orders', query))).toEqual(errors);
  });

  it.each([
    '2025-02-30T00:00:00.000000Z_1',
    '2025-11-12T25:00:00.000000Z_1',
    '2025-11-12T10:00:60.000000Z_1',
    '10000-01-01T00:00:00.000000Z_1',
    '2025-11-12T10:00:00.000000Z_9999999999999999999',
    "2025-11-12T10:00:00.000000Z_1'",
    '\0',
  ])('is a 400 after a cursor of %j', async (place) => {
    const after = Buffer.from(place).toString('base64url');
    expect(errorsOf(await ask('a', { after }))).toEqual(['?after invalid_cursor']);
    expect(errorsOf(await ask('a', { after: `${after}=` }))).toEqual(['?after invalid_cursor']);
  });
});

describe('pages of orders that are more than the Data API answers at once', () => {
  it('hold as many as fit, or one that fits no page', async () => {
    await sql('DROP INDEX order_items_search_idx'); // megabytes of words take seconds
    const names = ['small', 'middle-1', 'middle-2', 'middle-3', 'large', 'after'];
    await upload(
      'bytes',
      names.map((name, i) => at(name, `2025-02-0${i + 1}T00:00:00.000000Z`)),
    );
    for (const name of names.slice(1, 4)) await addItems(name, 400, '"'.repeat(255));
    await addItems('large', 1_500, '"'.repeat(255));
    const found = await pages('bytes');
    expect(found).toEqual([['small', 'middle-1', 'middle-2'], ['middle-3'], ['large'], ['after']]);
    expect(await pages('bytes', { status: 'delivered' })).toEqual(found);
    expect(await pages('bytes', { from: '2025-02-05', to: '2025-02-06' })).toEqual([['large']]);
    const [large] = ordersOf(await ask('bytes', { from: '2025-02-05' }));
    expect(large?.items.map(({ sku }) => sku)).toEqual([
      ...order().items.map(({ sku }) => sku),
      ...Array.from({ length: 1_500 }, (_, i) => `sku-${i + 1}`),
    ]);
  });
});
