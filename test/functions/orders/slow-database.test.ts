import { expect, it } from 'vitest';
import { loginsOf } from '../../../db/roles/names.ts';
import { useOrders } from './client.ts';

const { get, database } = useOrders();

it('a read that meets its role’s limit of time is a 503, to be sent again', async () => {
  const { pg, address } = database();
  await pg.query(
    `ALTER ROLE ${loginsOf('orders')[0]} IN DATABASE ${address.database} SET statement_timeout = 50`,
  );
  await pg.query('BEGIN; LOCK TABLE users');
  const period = { from: '2025-11-12', to: '2025-11-13' };
  const answer = await get('/api/orders/digest', { user: 'seller', ...period });
  await pg.query('ROLLBACK');
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
});
