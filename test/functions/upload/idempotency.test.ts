import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { uploadEvent } from '../../helpers/events.ts';
import { item, order, orders, rollUpDifferences } from '../../helpers/orders.ts';
import { type Send, uploadClient } from './client.ts';

let test: TestDatabase;
let send: Send;
beforeAll(async () => {
  test = await createTestDatabase();
  send = await uploadClient(test.environmentOf('upload'));
});
afterAll(() => test.drop());

let requests = 0;

function sendKeyed(key: string, user: string, uploaded: readonly unknown[]) {
  const event = uploadEvent(
    { user, orders: uploaded },
    { headers: { 'content-type': 'application/json', 'idempotency-key': key } },
  );
  requests += 1;
  Object.assign(event.requestContext, { requestId: `keyed-${requests}` });
  return send(event);
}

const receipts = async (user: string) =>
  (
    await test.pg.query(
      `SELECT p.id, idempotency_key, orders_count FROM uploads AS p
       JOIN users AS u ON u.id = p.user_id WHERE username = $1`,
      [user],
    )
  ).rows;

describe('an upload with an Idempotency-Key', () => {
  it('is answered as the first time when it comes again, and says so', async () => {
    const first = await sendKeyed('"k-1"', 'again', orders(3, 'again-'));
    expect(first).toMatchObject({ status: 200, body: { orders_created: 3, orders_unchanged: 0 } });
    expect(first.headers).not.toHaveProperty('idempotent-replayed');

    await send({ user: 'again', orders: [order({ order_number: 'again-0', status: 'later' })] });
    const again = await sendKeyed('k-1', 'again', orders(3, 'again-'));
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    const { rows } = await test.pg.query(
      "SELECT status FROM orders WHERE order_number = 'again-0'",
    );
    expect(rows).toEqual([{ status: 'later' }]);
  });

  it('is refused with another body, which is not stored', async () => {
    await sendKeyed('k-2', 'other', orders(1, 'other-'));
    expect(await sendKeyed('k-2', 'other', orders(2, 'other-'))).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'idempotency_key_reused' }] },
    });
    expect(await receipts('other')).toHaveLength(1);
  });

  it('may have the key of another seller', async () => {
    await sendKeyed('shared', 'one', orders(1, 'one-'));
    expect(await sendKeyed('shared', 'two', orders(2, 'two-'))).toMatchObject({
      status: 200,
      body: { orders_created: 2 },
    });
  });

  it('has a receipt also when nothing in it is new', async () => {
    await send({ user: 'known', orders: orders(2, 'known-') });
    const first = await sendKeyed('k-3', 'known', orders(2, 'known-'));
    expect(first.body).toMatchObject({ orders_unchanged: 2, upload_id: expect.any(String) });
    expect((await sendKeyed('k-3', 'known', orders(2, 'known-'))).body).toEqual(first.body);
  });

  it('is stored once when it comes eight times at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const uploaded = orders(20, `twin-${round}-`);
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => sendKeyed(`k-${round}`, 'twins', uploaded)),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      const replays = answers.filter(({ headers }) => headers['idempotent-replayed']);
      expect(replays).toHaveLength(7);
    }
    expect(await receipts('twins')).toHaveLength(5);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('is answered again also when it takes many calls', async () => {
    const items = Array.from({ length: 3_000 }, (_, i) => item({ name: `${i} `.padEnd(255, 'я') }));
    const large = [0, 1, 2, 3].map((n) => order({ order_number: `large-${n}`, items }));
    await send({ user: 'large', orders: large.slice(0, 3) });
    const first = await sendKeyed('k', 'large', large);
    expect(first.body).toMatchObject({ orders_created: 1, orders_unchanged: 3 });
    expect((await sendKeyed('k', 'large', large)).body).toEqual(first.body);
    expect(await receipts('large')).toMatchObject([{ orders_count: 3 }, { orders_count: 4 }]);
  });

  it('has a receipt that counts each order once, also where those of its first call are stale', async () => {
    const items = Array.from({ length: 3_000 }, (_, i) => item({ name: `${i} `.padEnd(255, 'я') }));
    const stale = [0, 1].map((n) => order({ order_number: `stale-${n}`, items }));
    const at = (updated_at: string) => stale.map((one) => ({ ...one, updated_at }));
    await send({ user: 'stale', orders: at('2025-11-13T00:00:00Z') });
    const sent = [...at('2025-11-12T00:00:00Z'), order({ order_number: 'stale-new', items })];
    const first = await sendKeyed('k', 'stale', sent);
    expect(first.body).toMatchObject({ orders_created: 1, orders_stale: 2, orders_unchanged: 0 });
    expect((await sendKeyed('k', 'stale', sent)).body).toEqual(first.body);
  });

  it.each([
    '',
    '""',
    'a b',
    'one, two',
    '"a',
    'ключ',
    'k'.repeat(256),
    '"\\x"',
  ])('is refused when the key is %j', async (key) => {
    expect(await sendKeyed(key, 'badly keyed', orders(1, 'bad-'))).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            code: 'invalid_idempotency_key',
            detail: expect.stringContaining('in quotes where it has a space or a comma'),
          },
        ],
      },
    });
  });
});
