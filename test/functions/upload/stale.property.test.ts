import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';
import { item, order, rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { type Send, uploadClient } from './client.ts';

let test: TestDatabase;
let send: Send;
beforeAll(async () => {
  test = await createTestDatabase();
  send = await uploadClient(test.environmentOf('upload'));
});
beforeEach(() => emptyTables(test.pg, SELLERS));
afterAll(() => test.drop());

const at = (second: number) => `2025-11-12T10:00:0${second}Z`;
const upload = (...sent: object[]) => send({ user: 'seller', orders: sent });
const stored = () => storedOrders(test.pg, 'seller');

describe('an order with updated_at', () => {
  it('is left alone when a newer state is stored, and named', async () => {
    await upload({ ...order({ order_number: 'a', status: 'paid' }), updated_at: at(2) });
    const { body } = await upload(
      { ...order({ order_number: 'a', status: 'new' }), updated_at: at(1) },
      order({ order_number: 'b' }),
    );
    expect(body).toMatchObject({
      orders_created: 1,
      orders_updated: 0,
      orders_unchanged: 0,
      orders_stale: 1,
      stale_order_numbers: ['a'],
    });
    expect(await stored()).toMatchObject([{ order_number: 'a', status: 'paid' }, {}]);
  });

  it('counts as unchanged when it comes again, and as updated when only its time is later', async () => {
    const sent = order({ order_number: 'a' });
    await upload({ ...sent, updated_at: at(1) });
    const again = await upload({ ...sent, updated_at: at(1) });
    expect(again.body).toMatchObject({ orders_unchanged: 1, orders_stale: 0, upload_id: null });
    const later = await upload({ ...sent, updated_at: at(2) });
    expect(later.body).toMatchObject({ orders_updated: 1 });
  });

  it('is stored over whatever comes without, and whatever comes without over it', async () => {
    await upload(order({ order_number: 'a', status: 'one' }));
    await upload({ ...order({ order_number: 'a', status: 'two' }), updated_at: at(1) });
    const { body } = await upload(order({ order_number: 'a', status: 'three' }));
    expect(body).toMatchObject({ orders_updated: 1, orders_stale: 0 });
    expect(await stored()).toMatchObject([{ status: 'three' }]);
  });

  it('is stale also over what came without after it, when it is older than what came with', async () => {
    await upload({ ...order({ order_number: 'a', status: 'two' }), updated_at: at(2) });
    await upload(order({ order_number: 'a', status: 'by hand' }));
    const { body } = await upload({
      ...order({ order_number: 'a', status: 'one' }),
      updated_at: at(1),
    });
    expect(body).toMatchObject({ orders_stale: 1 });
  });

  it('may have null for it, and nothing that is no instant', async () => {
    expect(await upload({ ...order(), updated_at: null })).toMatchObject({ status: 200 });
    expect(await upload({ ...order(), updated_at: 'yesterday' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/orders/0/updated_at', code: 'invalid_date_time' }] },
    });
  });
});

describe('uploads of orders with updated_at', () => {
  // Few of everything, so that states meet, also such with one time and different fields.
  const state = fc.record({
    order_number: fc.constantFrom('a', 'b'),
    updated_at: fc.constantFrom(at(1), at(2), at(3)),
    status: fc.constantFrom('new', 'paid'),
    total_amount: fc.constantFrom('1.00', '2.00', '10.00'),
    items: fc.array(fc.constantFrom(item(), item({ quantity: 3 })), { maxLength: 2 }),
  });
  const uploads = fc.array(
    fc.uniqueArray(state, { selector: (o) => o.order_number, minLength: 1 }),
    { minLength: 1, maxLength: 5 },
  );
  const deliveries = uploads.chain((sent) =>
    fc.record({
      one: fc.shuffledSubarray(sent, { minLength: sent.length }),
      other: fc.shuffledSubarray([...sent, ...sent], { minLength: sent.length * 2 }),
    }),
  );

  it('end in the same state in whatever order and however often they come', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ one, other }) => {
        const ends: unknown[] = [];
        for (const delivery of [one, other]) {
          await emptyTables(test.pg, SELLERS);
          for (const sent of delivery) {
            await upload(...sent.map((fields) => ({ ...order(), ...fields })));
          }
          ends.push(await stored());
          expect(await rollUpDifferences(test.pg)).toEqual([]);
        }
        expect(ends[1]).toEqual(ends[0]);
      }),
      { numRuns: 25 },
    );
  });
});
