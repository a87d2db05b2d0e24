import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyHeader } from '../../../cli/keys/seller-key.ts';
import type { Service } from '../../../local/service/service.ts';
import { startTestService } from '../../helpers/service.ts';

const MISSION = readFileSync(
  join(import.meta.dirname, '../../fixtures/mission-upload.json'),
  'utf8',
);

let service: Service;
let db: pg.Client;
const keys = new Map<string, { authorization: string }>();
beforeAll(async () => {
  service = await startTestService();
  db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  for (const user of ['test_seller', 'bulk', 'racer']) {
    keys.set(user, await keyHeader(service.endpoints, user));
  }
});
afterAll(async () => {
  await db.end();
  await service[Symbol.asyncDispose]();
});

const upload = (body: string) => uploadBytes(Buffer.from(body), JSON.parse(body).user);

async function uploadBytes(body: Buffer<ArrayBuffer>, user: string, headers: object = {}) {
  const response = await fetch(`${service.endpoints.api}/api/orders/upload`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...keys.get(user), ...headers },
    body,
  });
  return { status: response.status, body: await response.text() };
}

async function stats(user = 'test_seller') {
  const response = await fetch(`${service.endpoints.api}/api/orders/stats?user=${user}`, {
    headers: keys.get(user),
  });
  return response.text();
}

interface MissionUpload {
  user: string;
  orders: [{ total_amount: number; items: { sku: string; price: number }[] }];
}

/** The mission's upload with something changed in its order. */
function changed(change: (order: MissionUpload['orders'][0]) => void): string {
  const copy = JSON.parse(MISSION) as MissionUpload;
  change(copy.orders[0]);
  return JSON.stringify(copy);
}

/** The mission's fields as it has them, and those that came later behind them. */
const answer = (created: number, updated: number, unchanged: number, items: number) => ({
  status: 200,
  body: expect.stringMatching(
    `^\\{"user":"test_seller","orders_created":${created},"orders_updated":${updated},"orders_unchanged":${unchanged},"items_count":${items},"orders_stale":0,"upload_id":${unchanged ? 'null' : '"[0-9a-f-]{36}"'}\\}$`,
  ),
});

describe('the service', () => {
  it('lets each function into the database as its own role, and nobody else but the owner', async () => {
    expect((await upload(MISSION)).status).toBe(200);
    await stats();
    const { rows } = await db.query(
      `SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'data-api' ORDER BY 1`,
    );
    expect(rows.map(({ usename }) => usename)).toEqual([
      'authorize_1',
      'keys_1',
      'postgres',
      'stats_1',
      'upload_1',
    ]);
    await db.query('DELETE FROM orders');
    await db.query('DELETE FROM daily_order_stats');
  });

  it('takes gzip as an octet-stream, and says so to whom gzip or another charset got lost', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const type = { 'content-type': 'application/octet-stream' };
    const compressed = gzipSync(MISSION);
    const taken = await uploadBytes(compressed, 'test_seller', { ...gzip, ...type });
    expect(taken.status).toBe(200);
    const lost = await uploadBytes(compressed, 'test_seller', gzip);
    expect(lost).toEqual({ status: 400, body: expect.stringContaining(type['content-type']) });

    const cyrillic = MISSION.replace('"12345"', '"\xc0\xc1-1"').replace(/[^\0-\xff]/g, '');
    const merged = await uploadBytes(Buffer.from(cyrillic, 'latin1'), 'test_seller');
    expect(merged).toEqual({ status: 400, body: expect.stringContaining('invalid_utf8') });
    await db.query('DELETE FROM orders');
    await db.query('DELETE FROM daily_order_stats');
  });

  it("stores the mission's example and answers its figures, whatever is sent again or changed", async () => {
    expect(await upload(MISSION)).toEqual(answer(1, 0, 0, 2));
    expect(await stats()).toBe(
      '{"user":"test_seller","orders_count":1,"total_revenue":2500.00,"avg_order_value":2500.00}',
    );

    expect(await upload(MISSION)).toEqual(answer(0, 0, 1, 2));
    expect(await stats()).toContain('"orders_count":1,"total_revenue":2500.00');

    const otherTotal = changed((order) => {
      order.total_amount = 2600.5;
    });
    expect(await upload(otherTotal)).toEqual(answer(0, 1, 0, 2));
    expect(await stats()).toContain('"orders_count":1,"total_revenue":2600.50');

    const oneItemFewer = changed((order) => {
      order.items.pop();
    });
    expect(await upload(oneItemFewer)).toEqual(answer(0, 1, 0, 1));
    expect(await stats()).toContain('"orders_count":1,"total_revenue":2500.00');
    expect((await db.query('SELECT sku, price FROM order_items')).rows).toEqual([
      { sku: 'tea01', price: '500.00' },
    ]);

    const otherPrice = changed((order) => {
      order.items.pop();
      order.items[0]!.price = 499.99;
    });
    expect(await upload(otherPrice)).toEqual(answer(0, 1, 0, 1));
    expect(await stats()).toContain('"orders_count":1,"total_revenue":2500.00');
    expect((await db.query('SELECT sku, price FROM order_items')).rows).toEqual([
      { sku: 'tea01', price: '499.99' },
    ]);
  });

  it('stores 10,000 orders in one upload, and none of them when the second-to-last is bad', async () => {
    const orders = Array.from({ length: 10_000 }, (_, i) => ({
      order_number: `bulk-${i}`,
      created_at: '2025-11-12T10:00:00Z',
      total_amount: 10.1,
      status: 'new',
      items: [{ sku: 'tea01', name: 'Чай зелёный', quantity: 1, price: 10.1 }],
    }));
    const bad = orders.with(9_998, { ...orders[9_998]!, total_amount: 10.123 });
    const refused = await upload(JSON.stringify({ user: 'bulk', orders: bad }));
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body).errors).toEqual([
      expect.objectContaining({
        pointer: '/orders/9998/total_amount',
        code: 'invalid_amount',
        order_number: 'bulk-9998',
      }),
    ]);
    expect(await stats('bulk')).toContain('"orders_count":0');

    const stored = await upload(JSON.stringify({ user: 'bulk', orders }));
    expect(JSON.parse(stored.body)).toMatchObject({ orders_created: 10_000, items_count: 10_000 });
    expect(await stats('bulk')).toContain('"orders_count":10000,"total_revenue":101000.00');
  });

  it('lets two uploads of the same orders in different order pass at the same time', async () => {
    for (let round = 0; round < 50; round++) {
      const orders = Array.from({ length: 20 }, (_, i) => ({
        order_number: `race-${round}-${i}`,
        created_at: '2025-11-12T10:00:00Z',
        total_amount: i,
        status: 'new',
        items: [{ sku: `${i}`, name: 'Чай', quantity: i, price: 1 }],
      }));
      const answers = await Promise.all([
        upload(JSON.stringify({ user: 'racer', orders })),
        upload(JSON.stringify({ user: 'racer', orders: orders.toReversed() })),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    }
    expect(await stats('racer')).toContain('"orders_count":1000,"total_revenue":9500.00');
    const { rows } = await db.query(
      `SELECT count(*)::int AS items, count(DISTINCT order_id)::int AS orders
       FROM order_items WHERE name = 'Чай'`,
    );
    expect(rows).toEqual([{ items: 1_000, orders: 1_000 }]);
  });
});
