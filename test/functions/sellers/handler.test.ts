import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { UPLOADS_END_WITHIN_S } from '../../../functions/sellers/env.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import {
  answerWithout,
  type HoldingProxy,
  startHoldingProxy,
} from '../../helpers/holding-proxy.ts';
import { orders, storedOrders } from '../../helpers/orders.ts';
import { type Answer, adminEvent } from '../admin/pages.ts';

const test = useEmptyDatabase();
let proxy: HoldingProxy;
let handler: typeof import('../../../functions/sellers/handler.ts').handler;
beforeAll(async () => {
  proxy = await startHoldingProxy(inject('cloud').dataApiEndpoint);
  Object.assign(process.env, test.environmentOf('sellers'), {
    AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint,
    [UPLOADS_END_WITHIN_S]: '89',
  });
  ({ handler } = await import('../../../functions/sellers/handler.ts'));
  return () => proxy[Symbol.asyncDispose]();
});

async function show(query: string) {
  const event = adminEvent('', {
    routeKey: 'GET /admin/api/sellers',
    rawQueryString: query,
  });
  const { statusCode, body } = (await handler(event, lambdaContext())) as Answer;
  return { status: statusCode, answer: JSON.parse(body) };
}

async function erase(body: unknown, remainingMs?: number) {
  const event = adminEvent('', {
    routeKey: 'POST /admin/api/sellers/erase',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  event.requestContext.http.method = 'POST';
  const { statusCode, body: text } = (await handler(event, lambdaContext(remainingMs))) as Answer;
  return { status: statusCode, answer: JSON.parse(text) };
}

const both = (user: string) => ({ user, confirm: user });

async function sellers(): Promise<string[]> {
  const { rows } = await test.pg.query('SELECT username FROM users ORDER BY id');
  return rows.map(({ username }) => username);
}

/** Makes a seller who has former versions of so many orders. */
const addVersions = (user: string, count: number) =>
  test.pg.query(
    `WITH seller AS (INSERT INTO users (username) VALUES ($1) RETURNING id)
     INSERT INTO order_versions (order_id, version, user_id, order_number, created_at, total_amount,
       status, items_digest, items, first_uploaded_at, last_changed_at, created_xid, changed_xid,
       is_deletion)
     SELECT n, 1, id, n, now(), 1, 'paid', '', '[]', now(), now(), '3', '3', true
     FROM seller, generate_series(1, $2::integer) AS n`,
    [user, count],
  );

describe('POST /admin/api/sellers/erase', () => {
  it('erases a seller, and answers what that has deleted', async () => {
    await uploadOrders(test.db, 'leaving', orders(3, 'a', { total_amount: '9999999999.99' }));
    await uploadOrders(test.db, 'staying', orders(2, 'b'));
    expect(await show('user=leaving')).toEqual({
      status: 200,
      answer: {
        user: 'leaving',
        orders_count: 3,
        total_revenue: '29999999999.97',
        keys_count: 0,
        active_keys_count: 0,
      },
    });
    expect(await erase(both('leaving'))).toEqual({
      status: 200,
      answer: {
        user: 'leaving',
        done: true,
        orders_left: false,
        keys_revoked: 0,
        orders_deleted: 3,
        items_deleted: 6,
        versions_deleted: 0,
        receipts_deleted: 1,
        keys_deleted: 0,
      },
    });
    expect(await sellers()).toEqual(['staying']);
    for (const gone of [await erase(both('leaving')), await show('user=leaving')]) {
      expect(gone).toMatchObject({ status: 404, answer: { detail: 'There is no such seller.' } });
    }
  });

  it.each([
    ['for ten seconds', 29_000, 10_000],
    ['until twelve seconds of its time are left', 13_000, 1_000],
  ])('goes on %s: asked again, it does the rest', async (_how, remainingMs, lastsMs) => {
    for (const [passedMs, done] of [
      [lastsMs - 1, true],
      [lastsMs, false],
    ] as const) {
      await addVersions('leaving', 2_001); // one more than a step deletes
      const held = proxy.hold('/Execute', /DELETE FROM .{0,3}order_versions/);
      const startedAt = Date.now();
      const now = vi.spyOn(Date, 'now').mockReturnValue(startedAt);
      const erasing = erase(both('leaving'), remainingMs);
      await held.arrived;
      now.mockReturnValue(startedAt + passedMs);
      await held.letOn();
      const answer = { done, versions_deleted: done ? 2_001 : 2_000 };
      expect(await erasing).toMatchObject({ status: 200, answer });
      now.mockRestore();
    }
    expect(await erase(both('leaving'))).toMatchObject({ answer: { done: true } });
  });

  it('takes a name as it is stored: composed otherwise it is another seller', async () => {
    const [nfc, nfd] = ['Ёж'.normalize('NFC'), 'Ёж'.normalize('NFD')];
    for (const user of [nfc, nfd, 'ёж']) {
      await test.pg.query('INSERT INTO users (username) VALUES ($1)', [user]);
    }
    expect(await erase(both(nfc))).toMatchObject({ status: 200, answer: { done: true } });
    expect(await erase(both(nfc))).toMatchObject({ status: 404 });
    expect(await sellers()).toEqual([nfd, 'ёж']);
  });

  it.each([
    ['another confirmation', { user: 'kept', confirm: 'Kept' }, ['/confirm']],
    ['no confirmation', { user: 'kept' }, ['/confirm']],
    ['a confirmation alone', { confirm: 'kept' }, ['/user']],
    ['more than it knows', { ...both('kept'), force: true }, ['/force']],
    ['no names', { user: 1, confirm: 1 }, ['/user', '/confirm']],
    ['empty names', both(''), ['/user']],
    ['names too long', both('x'.repeat(51)), ['/user']],
    ['an array', [], ['/user', '/confirm']],
  ])('refuses %s', async (_what, body, pointers) => {
    await test.pg.query(`INSERT INTO users (username) VALUES ('kept')`);
    const { status, answer } = await erase(body);
    expect(status).toBe(400);
    expect(answer.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    expect(await sellers()).toEqual(['kept']);
  });

  it.each([
    ['keys are revoked', /UPDATE seller_keys/],
    ['orders are deleted', /DELETE FROM orders/],
    ['the seller is locked', /FROM users.*FOR UPDATE/],
  ])('does nothing any more after a 503, when it is late that %s', async (_what, sql) => {
    const uploaded = sql.source.includes('orders') ? orders(2, 'a') : [];
    await uploadOrders(test.db, 'leaving', uploaded);
    await test.pg.query(`
      INSERT INTO users (username) VALUES ('leaving') ON CONFLICT DO NOTHING;
      INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at)
        SELECT 'key', id, 'erp', 'stats:read', sha256(''), now() - interval '1 hour' FROM users`);
    await show('user=leaving'); // or the first call would have to wait for a connection
    const held = proxy.hold('/Execute', sql);
    const late = await answerWithout(held, 1_800, (ms) => erase(both('leaving'), ms));
    expect(late).toMatchObject({ status: 503 });
    expect((await held.letOn()).body).toContain('too late to write');
    expect(await storedOrders(test.pg, 'leaving')).toEqual(uploaded);
    expect(await sellers()).toEqual(['leaving']);
    const { rows } = await test.pg.query('SELECT revoked_at IS NULL AS is_kept FROM seller_keys');
    expect(rows).toEqual([{ is_kept: sql.source.includes('seller_keys') }]);
  });
});
