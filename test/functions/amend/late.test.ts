import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { type HoldingProxy, startHoldingProxy } from '../../helpers/holding-proxy.ts';
import { order, rollUpDifferences } from '../../helpers/orders.ts';
import type { Answer } from '../upload/client.ts';
import { type AmendClient, amendClient, numbersQuery } from './client.ts';

const test = useEmptyDatabase();
let proxy: HoldingProxy;
let api: AmendClient;
beforeAll(async () => {
  proxy = await startHoldingProxy(inject('cloud').dataApiEndpoint);
  api = await amendClient({
    ...test.environmentOf('amend'),
    AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint,
  });
});
afterAll(() => proxy[Symbol.asyncDispose]());

const seller = () => changesOf(test);
const o = (status: string) => order({ order_number: 'o', status });

/**
 * What a request is answered whose first call is cut, while the call itself reaches the database
 * only when all of `since` is done.
 */
async function overtaken(
  call: RegExp,
  request: () => Promise<Answer>,
  since: (answer: Answer) => Promise<unknown>,
): Promise<Answer> {
  const held = proxy.hold('/Execute', call);
  const requested = request();
  await held.arrived;
  held.cut();
  const answer = await requested;
  await since(answer);
  expect(await held.letOn()).toMatchObject({ status: 200 });
  expect(await rollUpDifferences(test.pg)).toEqual([]);
  return answer;
}

describe('the first try of a deletion that reaches the database after the one that was answered', () => {
  it.each([
    ['an order', [o('old')], { orders_deleted: 1, upload_id: expect.any(String) }],
    ['nothing', [], { orders_deleted: 0, not_found: ['o'], upload_id: null }],
  ])('of %s deletes nothing that was stored since', async (_what, before, expected) => {
    await seller().upload(order({ order_number: 'other' }), ...before);
    const answer = await overtaken(
      /DELETE FROM orders/,
      () => api.remove(numbersQuery('seller', 'o')),
      () => seller().upload(o('new')),
    );
    expect(answer).toMatchObject({ status: 200, body: expected });
    expect(await seller().stored()).toContainEqual(o('new'));
  });
});

describe('the first try of an undoing that reaches the database after the one that was answered', () => {
  it('undoes nothing that was brought back since', async () => {
    const { upload_id } = await seller().upload(o('new'));
    const answer = await overtaken(
      /INSERT INTO orders/,
      () => api.undo(upload_id),
      ({ body }) => seller().undo(String(body.upload_id)),
    );
    expect(answer).toMatchObject({ status: 200, body: { orders_removed: 1 } });
    expect(await seller().stored()).toEqual([o('new')]);
  });

  it('of nothing undoes nothing that has become as it was', async () => {
    const first = await seller().upload(o('first'));
    const second = await seller().upload(o('second'));
    const answer = await overtaken(
      /INSERT INTO orders/,
      () => api.undo(first.upload_id),
      () => seller().undo(second.upload_id),
    );
    expect(answer).toMatchObject({ status: 200, body: { left_alone: ['o'], upload_id: null } });
    expect(await seller().stored()).toEqual([o('first')]);
  });
});
