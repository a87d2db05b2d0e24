import type { ProblemCode } from '../../../functions/shared/problem-codes.ts';
import { settled } from '../../helpers/settled.ts';
import type { PageClient } from './client.ts';

/** Of a code: a request that is answered with it, as the page's example has it. */
export const PROVOKED: Readonly<
  Partial<Record<ProblemCode, (client: PageClient) => Promise<Response>>>
> = {
  missing: (client) => client.upload([{ status: undefined }]),
  invalid_type: (client) => client.upload([{ status: 4 }]),
  too_short: (client) => client.upload([]),
  too_long: (client) => client.upload([{ status: 'waiting for the courier' }]),
  out_of_range: (client) => client.uploadItem({ quantity: -1 }),
  invalid_text: (client) => client.uploadItem({ name: 'Tea\0' }),
  invalid_amount: (client) => client.upload([{ total_amount: '12,50' }]),
  invalid_date_time: (client) => client.upload([{ created_at: '2025-11-12 10:00' }]),
  outer_space: (client) => client.upload([{ status: 'paid ' }]),
  invisible_character: (client) => client.upload([{ status: 'pa\u200bid' }]),
  invalid_date: stats('from=2025-02-30'),
  invalid_choice: (client) =>
    client.send('GET /api/orders/stats/daily?user=test_seller&granularity=year'),
  unknown: stats('form=2025-11-01'),
  too_many_buckets: async (client) => {
    await client.upload();
    return client.send(
      'GET /api/orders/stats/daily?user=test_seller&from=2020-01-01&to=2025-01-01',
    );
  },
  duplicate: (client) => client.upload([{}, {}]),
  taken: async (client) => {
    await client.uploadAsAnother();
    return client.upload();
  },
  invalid_utf8: (client) => client.uploadItem({ name: 'Caf\ufffd' }),
  empty_body: (client) => client.sendBody(''),
  invalid_json: (client) => client.sendBody("{'user': 'test_seller'}"),
  invalid_gzip: (client) =>
    client.sendBody('no gzip', {
      'content-type': 'application/octet-stream',
      'content-encoding': 'gzip',
    }),
  too_many_values: (client) => client.sendBody(`[${'0,'.repeat(1_900_000)}0]`),
  invalid_idempotency_key: (client) => client.upload([{}], { 'idempotency-key': '' }),
  idempotency_key_reused: async (client) => {
    await client.upload([{}], { 'idempotency-key': 'once' });
    return client.upload([{ status: 'other' }], { 'idempotency-key': 'once' });
  },
  changed_since: async (client) => {
    const id = await client.uploadId();
    await client.upload([{ status: 'later' }]);
    return client.send(`POST /api/uploads/${id}/undo?conflicts=refuse`);
  },
  too_old: async (client) => {
    await client.upload([{ status: 'before' }]);
    const id = await client.uploadId();
    await client.db.query('DELETE FROM order_versions');
    return client.send(`POST /api/uploads/${id}/undo`);
  },
  invalid_cursor: (client) => client.send('GET /api/orders?user=test_seller&after=no-cursor'),
  cursor_from_another_database: async (client) => {
    await client.upload();
    await settled(client.db);
    const cursor = await client.cursor();
    await client.reset();
    return client.send(`GET /api/orders/changes?user=test_seller&after=${cursor}`);
  },
};

function stats(query: string) {
  return (client: PageClient) => client.send(`GET /api/orders/stats?user=test_seller&${query}`);
}
