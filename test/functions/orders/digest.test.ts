import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RDSData } from '@aws-sdk/client-rds-data';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { listExamples } from '../../../cli/openapi/examples.ts';
import type { GivenOrder } from '../../../db/orders/order-json.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { order, orders } from '../../helpers/orders.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { errorsOf } from '../stats/client.ts';
import { ordersOf, type Query, useOrders } from './client.ts';

const { get, sql, upload } = useOrders();

/** The rule as docs/api.md shows it. */
const PROGRAM = listExamples('docs/api.md').find(({ language }) => language === 'js')?.text ?? '';

type DigestedOrder = Pick<
  GivenOrder,
  'order_number' | 'created_at' | 'total_amount' | 'status' | 'items'
>;

const folder = temporaryFolder();
let dayDigest: (orders: readonly DigestedOrder[]) => string;
beforeAll(async () => {
  const file = join(folder, 'digest.mjs');
  writeFileSync(file, PROGRAM);
  ({ dayDigest } = await import(pathToFileURL(file).href));
});

const ask = (user: string, from: string, to: string) =>
  get('/api/orders/digest', { user, from, to });

interface Day {
  readonly date: string;
  readonly orders_count: number;
  readonly total_revenue: number;
  readonly digest: string;
}

async function days(user: string, from = '2025-01-01', to = '2026-01-01'): Promise<Day[]> {
  const { body = '' } = await ask(user, from, to);
  return (JSON.parse(body) as { days: Day[] }).days;
}

/** As a seller's system has them, which has sent them. */
const sent = (uploaded: readonly UploadedOrder[]): DigestedOrder[] =>
  uploaded.map((one) => ({
    ...one,
    total_amount: Number(one.total_amount),
    items: one.items.map((each) => ({ ...each, price: Number(each.price) })),
  }));

describe('GET /api/orders/digest', () => {
  it('is what a seller computes of any orders, as sent and as read back', async () => {
    const text = (maxLength: number) => fc.string({ unit: TEXT, minLength: 1, maxLength });
    const amount = fc.integer({ min: -(10 ** 10) + 1, max: 10 ** 10 - 1 });
    const line = fc.record({
      sku: text(8),
      name: text(8),
      quantity: fc.nat(2_147_483_647),
      price: amount.map((cents) => (cents / 100).toFixed(2)),
    });
    const generated = fc.array(
      fc.record({
        created_at: fc.constantFrom('2025-03-01T00:00:00.000000Z', '2025-03-01T23:59:59.999999Z'),
        total_amount: amount.map((cents) => (cents / 100).toFixed(2)),
        status: text(8),
        items: fc.array(line, { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    let run = 0;
    await fc.assert(
      fc.asyncProperty(generated, async (fields) => {
        const user = `any-${run++}`;
        const uploaded = fields.map((one, i) => ({ ...one, order_number: `${user}"\\${i}` }));
        await upload(user, uploaded);
        const [day, ...others] = await days(user);
        expect(others).toEqual([]);
        expect(day?.digest).toBe(dayDigest(sent(uploaded)));
        const order_number = uploaded.map((one) => one.order_number);
        const readBack = ordersOf(await get('/api/orders', { user, order_number }));
        expect(day?.digest).toBe(dayDigest(readBack));
      }),
      { numRuns: 20 },
    );
  });

  it('has the days with orders, and what they come to', async () => {
    const at = (created_at: string, total_amount: string, order_number: string) =>
      order({ created_at, total_amount, order_number });
    await upload('ends', [
      at('1970-01-01T00:00:00.000000Z', '0.10', 'first'),
      at('1970-01-01T23:59:59.999999Z', '0.20', 'second'),
      at('9999-12-31T23:59:59.999999Z', '-1.00', 'last'),
    ]);
    expect(await days('ends', '1970-01-01', '1970-01-02')).toMatchObject([
      { date: '1970-01-01', orders_count: 2, total_revenue: 0.3 },
    ]);
    expect(await days('ends', '9999-12-30', '10000-01-01')).toMatchObject([
      { date: '9999-12-31', orders_count: 1, total_revenue: -1 },
    ]);
    expect(await days('ends', '1970-01-02', '1971-02-06')).toEqual([]);
  });

  /** What the roll-up counts of a day, however many orders there are. */
  const count = (user: string, day: string, ordersCount: number) =>
    sql(
      `INSERT INTO daily_order_stats
       SELECT id, $2, 'counted', $3, 0 FROM users WHERE username = $1`,
      user,
      day,
      ordersCount,
    );

  it('is the same where it takes several statements, also of days that the roll-up forgot', async () => {
    const placed = ['2025-05-01', '2025-05-02', '2025-05-04', '2025-05-09'].map((day) =>
      order({ order_number: `parted-${day}`, created_at: `${day}T12:00:00.000000Z` }),
    );
    await upload('parted', placed);
    const whole = await days('parted');
    expect(whole.map(({ digest }) => digest)).toEqual(placed.map((one) => dayDigest(sent([one]))));
    await sql(`DELETE FROM daily_order_stats WHERE day = '2025-05-04' OR day = '2025-05-09'`);
    await count('parted', '2025-05-01', 60_000);
    await count('parted', '2025-05-02', 30_000);
    await count('parted', '2025-05-03', 30_000);
    const calls = vi.spyOn(RDSData.prototype, 'executeStatement');
    expect(await days('parted')).toEqual(whole);
    expect(calls).toHaveBeenCalledTimes(1 + 3); // how many there are, and three portions
  });

  it('is refused of several days with more orders than it can be made of in time', async () => {
    await upload('many', [order({ order_number: 'many' })]);
    await count('many', '2025-11-12', 999_999); // and the one that was uploaded
    expect(await days('many')).toHaveLength(1);
    await count('many', '2025-11-13', 1);
    const answer = await ask('many', '2025-11-12', '2025-11-14');
    expect(errorsOf(answer)).toEqual(['?from answer_too_large']);
    const { detail } = JSON.parse(answer.body ?? '');
    expect(detail).toContain('has 1000001 orders, and one of several days may have 1000000');
    expect(await days('many', '2025-11-12', '2025-11-13')).toHaveLength(1);
    await count('many', '2025-11-11', 1_900_000);
    expect(await days('many', '2025-11-11', '2025-11-12')).toEqual([]);
  });

  it('knows nothing of other sellers, and answers 404 to an unknown one', async () => {
    await upload('one', orders(2, 'one-'));
    await upload('other', orders(3, 'other-'));
    expect(await days('one')).toMatchObject([{ orders_count: 2 }]);
    expect((await ask('nobody', '2025-01-01', '2025-01-02')).statusCode).toBe(404);
  });

  it.each<[string, Query, string[]]>([
    ['no period', { user: 'a' }, ['?from missing', '?to missing']],
    [
      'no day',
      { user: 'a', from: '2025-02-30', to: '2025' },
      ['?from invalid_date', '?to invalid_date'],
    ],
    ['an empty period', { user: 'a', from: '2025-01-01', to: '2025-01-01' }, ['?to out_of_range']],
    ['401 days', { user: 'a', from: '2025-01-01', to: '2026-02-06' }, ['?from too_many_buckets']],
    [
      'a parameter of the statistics',
      { user: 'a', from: '2025-01-01', to: '2025-01-02', status: 'paid' },
      ['?status unknown'],
    ],
  ])('answers 400 to %s', async (_what, query, errors) => {
    expect(errorsOf(await get('/api/orders/digest', query))).toEqual(errors);
  });
});

describe('what changes in one order', () => {
  const DAYS = ['2025-05-01', '2025-05-02', '2025-05-03', '2025-05-04'];
  const placed = (day: string, order_number: string) =>
    order({ order_number, created_at: `${day}T12:00:00.000000Z` });

  /** The days whose digests are others after the change. */
  async function changedDays(user: string, change: (one: UploadedOrder) => Promise<unknown>) {
    const uploaded = DAYS.flatMap((day) => [0, 1].map((n) => placed(day, `${user}-${day}-${n}`)));
    await upload(user, uploaded);
    const before = await days(user);
    expect(before.map(({ date }) => date)).toEqual(DAYS);
    await change(uploaded[2]!);
    const after = await days(user);
    return DAYS.filter(
      (date) =>
        before.find((day) => day.date === date)?.digest !==
        after.find((day) => day.date === date)?.digest,
    );
  }

  const [first, second] = order().items;
  it.each<[string, Partial<UploadedOrder>]>([
    ['its total', { total_amount: '2500.01' }],
    ['its status', { status: 'Delivered' }],
    ['its time on the same day', { created_at: '2025-05-02T12:00:00.000001Z' }],
    ['the order of its items', { items: [second!, first!] }],
    ['a price', { items: [first!, { ...second!, price: '1500.01' }] }],
    ['an item less', { items: [first!] }],
  ])('%s changes its day and no other', async (what, fields) => {
    const user = `changed: ${what}`;
    const change = (one: UploadedOrder) => upload(user, [{ ...one, ...fields }]);
    expect(await changedDays(user, change)).toEqual(['2025-05-02']);
  });

  it('its day changes that day and the one it moves to', async () => {
    const change = (one: UploadedOrder) =>
      upload('moved', [{ ...one, created_at: '2025-05-04T12:00:00.000000Z' }]);
    expect(await changedDays('moved', change)).toEqual(['2025-05-02', '2025-05-04']);
  });

  it('an order that is gone changes its day', async () => {
    const change = (one: UploadedOrder) =>
      sql('DELETE FROM orders WHERE order_number = $1', one.order_number);
    expect(await changedDays('gone', change)).toEqual(['2025-05-02']);
  });

  it('a mark that its items are damaged changes its day, until they are written again', async () => {
    const change = (one: UploadedOrder) =>
      sql(`UPDATE orders SET items_digest = '' WHERE order_number = $1`, one.order_number);
    expect(await changedDays('damaged', change)).toEqual(['2025-05-02']);
    const both = [0, 1].map((n) => placed('2025-05-02', `damaged-2025-05-02-${n}`));
    expect((await days('damaged'))[1]?.digest).not.toBe(dayDigest(sent(both)));
    await upload('damaged', both);
    expect((await days('damaged'))[1]?.digest).toBe(dayDigest(sent(both)));
  });
});

/** What has to be escaped, what takes several bytes, what is just below and above. */
const TEXT = fc.constantFrom('"', '\\', ',', '{', '}', "'", 'a', 'Я', 'ё', '🫖', '!', '~', '0');
