import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { item, order, orders, rollUpDifferences, shuffled } from '../../helpers/orders.ts';
import { type Send, uploadClient } from './client.ts';

const UPLOADS_AT_A_TIME = 8;
const ROUNDS = 10;

let test: TestDatabase;
let send: Send;
beforeAll(async () => {
  test = await createTestDatabase();
  send = await uploadClient(test.environmentOf('upload'));
});
afterAll(() => test.drop());

let seed = 0;
const race = (uploads: readonly (readonly unknown[])[]) =>
  Promise.all(
    uploads.map((uploaded) => send({ user: 'racer', orders: shuffled(uploaded, seed++) })),
  );

async function expectStored(ordersCount: number, itemsCount: number) {
  const { rows } = await test.pg.query(
    `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM order_items) AS items`,
  );
  expect(rows).toEqual([{ orders: ordersCount, items: itemsCount }]);
  expect(await rollUpDifferences(test.pg)).toEqual([]);
}

describe('8 uploads of the same 200 orders at the same moment, each in an order of its own', () => {
  it('are all answered 200 and store each order and item once, fresh and again', async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const uploaded = orders(200, `round-${round}-`);
      const fresh = await race(Array(UPLOADS_AT_A_TIME).fill(uploaded));
      expect(fresh.map(({ status }) => status)).toEqual(Array(UPLOADS_AT_A_TIME).fill(200));
      const created = fresh.reduce((sum, { body }) => sum + Number(body.orders_created), 0);
      expect(created).toBe(200);
      await expectStored(200 * round, 400 * round);

      const again = await race(Array(UPLOADS_AT_A_TIME).fill(uploaded));
      expect(again.map(({ body }) => body.orders_unchanged)).toEqual(
        Array(UPLOADS_AT_A_TIME).fill(200),
      );
      await expectStored(200 * round, 400 * round);
    }
  });

  it('leave the items of one of them when each has other items', async () => {
    const versions = Array.from({ length: UPLOADS_AT_A_TIME }, (_, n) =>
      Array.from({ length: 200 }, (_, i) =>
        order({
          order_number: `version-${i}`,
          items: Array.from({ length: n + 1 }, () => item({ quantity: n })),
        }),
      ),
    );
    const answers = await race(versions);
    expect(answers.map(({ status }) => status)).toEqual(Array(UPLOADS_AT_A_TIME).fill(200));
    const { rows } = await test.pg.query(
      `SELECT DISTINCT quantity, count(*)::int AS items FROM order_items AS i
       JOIN orders AS o ON o.id = i.order_id
       WHERE order_number LIKE 'version-%' GROUP BY order_id, quantity`,
    );
    expect(rows).toEqual([{ quantity: rows[0].quantity, items: rows[0].quantity + 1 }]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});
