import { randomBytes } from 'node:crypto';
import type { KyselyPlugin } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { readChanges } from '../../../db/orders/read-changes.ts';
import { item, order, orders } from '../../helpers/orders.ts';
import { remove, removeOrders, useChanges } from './changes-client.ts';

const { database, page, settledPage, upload } = useChanges();

const items = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) => item({ sku: `${i}`, name }));

/** All changes, and how many each page had; the last has none. */
async function follow(user: string) {
  const changes: { order_number: string; items: number | undefined }[] = [];
  const sizes: number[] = [];
  let { changes: some, next } = await settledPage(user);
  for (;;) {
    sizes.push(some.length);
    if (some.length === 0) return { changes, sizes };
    for (const { order_number, order: given } of some) {
      changes.push({ order_number, items: given?.items.length });
    }
    ({ changes: some, next } = await page(user, next));
  }
}

describe('changes that are more than the Data API answers at once', () => {
  it('come in smaller pages', async () => {
    const many = orders(12, 'many-', { items: items(200, '"'.repeat(255)) });
    await upload('many', many);
    const { changes, sizes } = await follow('many');
    const expected = many.map(({ order_number }) => ({ order_number, items: 200 }));
    expect(changes.toSorted(byNumber)).toEqual(expected.toSorted(byNumber));
    expect(sizes.length).toBeGreaterThan(2);
  });

  it('come also where one order alone is more, alone, and what is after it', async () => {
    await upload('large', [
      order({ order_number: 'l1' }),
      order({ order_number: 'l2', items: items(3_000, 'я'.repeat(255)) }),
      order({ order_number: 'l3' }),
      order({ order_number: 'l4', items: items(17_001, 'x') }),
    ]);
    const { changes, sizes } = await follow('large');
    expect(changes).toEqual([
      { order_number: 'l1', items: 2 },
      { order_number: 'l2', items: 3_000 },
      { order_number: 'l3', items: 2 },
      { order_number: 'l4', items: 17_001 },
    ]);
    expect(sizes).toEqual([1, 1, 1, 1, 0]);
  });

  it('come 500 at once where they are deletions of long numbers', async () => {
    const prefix = '🫖'.repeat(46);
    await upload('deleted', orders(500, prefix, { items: [] }));
    await removeOrders(database().pg, 'starts_with(order_number, $1)', prefix);
    const { changes, next } = await settledPage('deleted');
    expect(changes.filter(({ change }) => change === 'deleted')).toHaveLength(500);
    expect((await page('deleted', next)).changes).toEqual([]);
  });

  it('leave out an order that is deleted while it is read, and tell of that later', async () => {
    await upload('vanished', [
      order({ order_number: 'v1', items: items(17_001, 'x') }),
      order({ order_number: 'v2' }),
    ]);
    await settledPage('vanished');
    const { db, pg } = database();
    const deletesAfterFirst: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        await remove(pg, 'v1');
        return result;
      },
    };
    const query = { user: 'vanished', limit: 500 };
    const found = await readChanges(db.withPlugin(deletesAfterFirst), query, 400);
    const given = found?.changes.filter(({ change }) => change !== 'deleted');
    expect(given).toMatchObject([{ order_number: 'v2', change: 'created' }]);
    const { changes } = await settledPage('vanished');
    expect(changes).toMatchObject([
      { order_number: 'v2', change: 'created' },
      { order_number: 'v1', change: 'deleted' },
    ]);
  });
});

describe('an order that no answer can hold', () => {
  let changeJson: typeof import('../../../functions/orders/changes.ts').changeJson;
  beforeAll(async () => {
    // By now the environment says that functions log nothing.
    ({ changeJson } = await import('../../../functions/orders/changes.ts'));
  });
  const json = (bytes: number) => JSON.stringify(randomBytes(bytes).toString('base64'));
  const change = {
    xid: '1',
    order_id: 1,
    order_number: 'large',
    change: 'created',
    upload_id: null,
    uploaded_at_us: null,
  } as const;

  it('is left out of its change, so that others come after it', async () => {
    const told = JSON.parse(await changeJson({ ...change, json: json(4_500_000) }));
    expect(told).toEqual({
      order_number: 'large',
      change: 'created',
      upload_id: null,
      order: null,
    });
  });

  it('is more than all that can be told compressed', async () => {
    const order = json(4_200_000);
    expect(await changeJson({ ...change, json: order })).toContain(`"order":${order}}`);
  });
});

function byNumber(a: { order_number: string }, b: { order_number: string }): number {
  return a.order_number < b.order_number ? -1 : 1;
}
