import { beforeAll, describe, expect, it } from 'vitest';
import { changesOf } from '../../helpers/changes.ts';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { order, orders } from '../../helpers/orders.ts';
import { logged } from '../upload/client.ts';
import { type AmendClient, amendClient, numbersQuery } from './client.ts';

const test = useEmptyDatabase();
const own = useOwnDataApi();
let api: AmendClient;
beforeAll(async () => {
  api = await amendClient({
    ...test.environmentOf('amend'),
    ...own.environment,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  });
  // A process asks what the database's clock says before its first statement.
  await logged(() => api.remove(numbersQuery('seller', 'none')));
});

const seller = () => changesOf(test);

describe('a deletion', () => {
  it('says what it has deleted also when the answer to its statement was lost', async () => {
    await seller().upload(...orders(2, 'o'));
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 1 });
    const { result, log } = await logged(() => api.remove(numbersQuery('seller', 'o0', 'x')));
    expect(result.body).toEqual({
      user: 'seller',
      orders_deleted: 1,
      not_found: ['x'],
      upload_id: expect.any(String),
    });
    expect(log.map(({ message }) => message)).toContain('amendment tried again');
    expect(log.at(-1)).toMatchObject({
      message: 'orders deleted',
      orders_deleted: 1,
      not_found: 1,
    });
    expect(JSON.stringify(log)).not.toContain('"o0"');
  });

  it('is no answer of an earlier request when the one to its own statement was lost', async () => {
    await seller().upload(order({ order_number: 'o' }));
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 1 });
    const headers = { 'idempotency-key': 'own' };
    const { result, log } = await logged(() =>
      api.remove(numbersQuery('seller', 'o'), { headers }),
    );
    expect(result.body).toMatchObject({ orders_deleted: 1 });
    expect(result.headers).not.toHaveProperty('idempotent-replayed');
    expect(log.at(-1)).toMatchObject({ message: 'orders deleted' });
  });

  it('is answered 503 when the database is out of reach, and has deleted nothing', async () => {
    await seller().upload(order({ order_number: 'o' }));
    own.dataApi.faults.add({ kind: 'cut-before' });
    const { result } = await logged(() =>
      api.remove(numbersQuery('seller', 'o'), { context: lambdaContext(1_500) }),
    );
    expect(result.status).toBe(503);
    expect(await seller().stored()).toHaveLength(1);
  });
});

describe('an undoing', () => {
  it('says what it has undone also when the answer to its statement was lost', async () => {
    await seller().upload(order({ order_number: 'a' }), order({ order_number: 'b' }));
    const { upload_id: id } = await seller().upload(
      order({ order_number: 'a', status: 'x' }),
      order({ order_number: 'b', status: 'x' }),
      order({ order_number: 'c' }),
    );
    await seller().upload(order({ order_number: 'b', status: 'y' }));
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 1 });
    const { result, log } = await logged(() => api.undo(id));
    expect(result.body).toMatchObject({ orders_restored: 1, orders_removed: 1, left_alone: ['b'] });
    expect(log.at(-1)).toMatchObject({ message: 'upload undone', undone: id, orders_restored: 1 });
  });

  it('is no answer of an earlier request when the one to its own statement was lost', async () => {
    const { upload_id: id } = await seller().upload(order({ order_number: 'a' }));
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 1 });
    const headers = { 'idempotency-key': 'own' };
    const { result } = await logged(() => api.undo(id, '', { headers }));
    expect(result.body).toMatchObject({ orders_removed: 1 });
    expect(result.headers).not.toHaveProperty('idempotent-replayed');
  });
});
