import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../../db/uploads/stored-receipts.ts';
import { apiEvent, keyOf } from '../../helpers/events.ts';
import { order, orders } from '../../helpers/orders.ts';
import { errorsOf } from '../stats/client.ts';
import { type Answer, type Query, useOrders } from './client.ts';

const { get, handle, request, sql, upload } = useOrders();

const list = (user: string, more: Query = {}) => get('/api/uploads', { user, ...more });

interface Page {
  readonly uploads: readonly Receipt[];
  readonly next: string | null;
}

const pageOf = ({ body }: Answer): Page => JSON.parse(body ?? '');
const idsOf = (answer: Answer) => pageOf(answer).uploads.map(({ upload_id }) => upload_id);

/** As the seller whose key is sent, who need not be named. */
function one(seller: string, id: string, rawQueryString = ''): Promise<Answer> {
  const routeKey = 'GET /api/uploads/{id}';
  const event = apiEvent({ routeKey, pathParameters: { id }, rawQueryString });
  Object.assign(event.requestContext, keyOf(seller));
  return handle(event);
}

describe('GET /api/uploads', () => {
  it('answers what each upload did, the newest first', async () => {
    const first = await upload('test_seller', orders(2, 'u'));
    const sha256 = createHash('sha256').update('body').digest();
    const second = await request(
      'test_seller',
      [
        order({ order_number: 'u0', items: [] }),
        order({ order_number: 'u1' }),
        order({ order_number: 'new' }),
      ],
      {
        keyId: 'k3f9x2m8q1zd',
        requestId: 'JKJaXmPLvHcESHA=',
        idempotencyKey: 'a "key"',
        bodySha256: sha256.toString('base64'),
      },
    );
    const [{ at }] = await sql(
      `SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
       FROM uploads WHERE id = $1`,
      second.upload_id,
    );
    const answer = await list('test_seller');
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(answer.body?.slice(0, answer.body.indexOf(',{"upload_id"', 1))).toBe(
      `{"user":"test_seller","uploads":[{"upload_id":"${second.upload_id}","kind":"upload","created_at":"${at}","key_id":"k3f9x2m8q1zd","request_id":"JKJaXmPLvHcESHA=","orders_count":3,"items_count":4,"orders_created":1,"orders_updated":1,"orders_unchanged":1,"orders_stale":0,"stale_order_numbers":[],"orders_deleted":0,"idempotency_key":"a \\"key\\"","body_sha256":"${sha256.toString('hex')}","undoes":null}`,
    );
    expect(pageOf(answer).uploads[1]).toMatchObject({
      upload_id: first.upload_id,
      orders_created: 2,
      idempotency_key: null,
      body_sha256: null,
    });
    expect(pageOf(answer).next).toBeNull();
  });

  it('goes on where the page before ended', async () => {
    const ids: (string | null)[] = [];
    for (const one of orders(5, 'page-')) ids.unshift((await upload('pages', [one])).upload_id);
    await upload('other', orders(1, 'other-'));
    const found: string[][] = [];
    for (let after: string | null = null; ; ) {
      const answer = await list('pages', { limit: '2', ...(after !== null && { after }) });
      found.push(idsOf(answer));
      after = pageOf(answer).next;
      if (after === null) break;
    }
    expect(found).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it('answers as many as the Data API does', async () => {
    await upload('many', orders(1, 'many-'));
    await sql(
      `INSERT INTO uploads (user_id, xid, key_id, request_id, orders_count, items_count, stale_order_numbers)
       SELECT user_id, (1000000 + n)::text::xid8, '-', '-', 1, 1, array_fill(repeat('🫖', 50), ARRAY[100])
       FROM uploads, generate_series(1, 70) AS n
       WHERE user_id = (SELECT id FROM users WHERE username = 'many')`,
    );
    const first = await list('many');
    expect(idsOf(first).length).toBeGreaterThan(40);
    const second = await list('many', { after: pageOf(first).next ?? '' });
    expect(pageOf(second).next).toBeNull();
    expect(new Set([...idsOf(first), ...idsOf(second)]).size).toBe(71);
  });

  it('is empty where nothing was uploaded, and a 404 where there is no such seller', async () => {
    await sql("INSERT INTO users (username) VALUES ('idle')");
    expect((await list('idle')).body).toBe('{"user":"idle","uploads":[],"next":null}');
    expect(await list('nobody')).toMatchObject({ statusCode: 404 });
  });

  it.each<[Query, string[]]>([
    [{}, ['?user missing']],
    [{ user: 'a', limit: '501' }, ['?limit out_of_range']],
    [{ user: 'a', after: 'bm9uZQ' }, ['?after invalid_cursor']],
    [{ user: 'a', from: '2025-01-01' }, ['?from unknown']],
  ])('is a 400 for %j', async (query, errors) => {
    expect(errorsOf(await get('/api/uploads', query))).toEqual(errors);
  });
});

describe('GET /api/uploads/{id}', () => {
  it('answers the receipt with the orders that nothing has changed since', async () => {
    const { upload_id } = await upload('since', orders(150, 'since-'));
    await upload('since', [order({ order_number: 'since-1', items: [] })]);
    const answer = await one('since', upload_id ?? '');
    const numbers = orders(150, 'since-')
      .map(({ order_number }) => order_number)
      .sort();
    const [listed] = pageOf(await list('since', { limit: '2' })).uploads.slice(1);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      user: 'since',
      ...listed,
      order_numbers: numbers.filter((number) => number !== 'since-1').slice(0, 100),
    });
    expect(await one('since', upload_id?.toUpperCase() ?? '', 'user=since')).toEqual(answer);
  });

  it("is the same 404 for what is not there, is no id, and is another seller's", async () => {
    const { upload_id } = await upload('owner', orders(1, 'owner-'));
    const asked = [upload_id ?? '', randomUUID(), 'stats', '', '%2F', "'", `${upload_id}\n`];
    const answers = await Promise.all(asked.map((id) => one('thief', id)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ statusCode: 404 });
    expect(answers[0]?.body).toContain('There is no such upload.');
    expect(await one('thief', upload_id ?? '', 'user=owner')).toMatchObject({ statusCode: 403 });
    expect(errorsOf(await one('owner', upload_id ?? '', 'limit=1'))).toEqual(['?limit unknown']);
  });
});
