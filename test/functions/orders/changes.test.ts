import { describe, expect, it } from 'vitest';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { item, order, orders } from '../../helpers/orders.ts';
import { errorsOf } from '../stats/client.ts';
import { type ChangesPage, remove, useChanges } from './changes-client.ts';
import type { Query } from './client.ts';

const { ask, database, openTransaction, page, settledPage, sql, upload, ...feed } = useChanges();

const told = ({ changes }: ChangesPage) =>
  changes.map(({ change, order_number }) => `${change} ${order_number}`);

const one = (order_number: string, fields: Partial<UploadedOrder> = {}) =>
  order({ order_number, ...fields });

describe('GET /api/orders/changes', () => {
  it('gives every order once as it is now, the oldest change first, and then nothing', async () => {
    await upload('every', [one('e1'), one('e2'), one('e3')]);
    const { upload_id } = await upload('every', [one('e1', { status: 'paid' })]);
    const { changes, next } = await settledPage('every');
    expect(changes.map(({ order_number }) => order_number)).toEqual(['e2', 'e3', 'e1']);
    expect(changes[2]).toMatchObject({ change: 'created', upload_id, order: { status: 'paid' } });
    expect(await page('every', next)).toMatchObject({ user: 'every', changes: [] });
  });

  it('gives an order just as GET /api/orders does', async () => {
    await upload('same', [
      one('same "1"', { total_amount: '0.10', items: [item({ price: '1.00' })] }),
    ]);
    await settledPage('same');
    const { body = '' } = await ask({ user: 'same' });
    const given = await feed.get('/api/orders', { user: 'same', order_number: 'same "1"' });
    const [, orderJson = ''] = /"orders":\[(.*)\],"not_found"/.exec(given.body ?? '') ?? [];
    expect(body).toContain(`"order":${orderJson}}],"next":"`);
    expect(orderJson).toContain('"total_amount":0.10,');
  });

  it('tells created from updated by what was there when the reader was', async () => {
    await upload('told', [one('t1')]);
    const { next } = await settledPage('told');
    await upload('told', [one('t1', { status: 'paid' }), one('t2')]);
    await upload('told', [one('t2', { status: 'paid' })]);
    expect(told(await settledPage('told', next))).toEqual(['updated t1', 'created t2']);
    expect(told(await page('told'))).toEqual(['created t1', 'created t2']);
  });

  it('gives nothing for what changes nothing', async () => {
    await upload('nothing', [one('n1')]);
    const { next } = await settledPage('nothing');
    await upload('nothing', [one('n1')]);
    await sql(`UPDATE orders SET items_digest = '' WHERE order_number = 'n1'`);
    expect(await settledPage('nothing', next)).toMatchObject({ changes: [] });
  });

  it('tells of a deletion, without an order, and before the order that has the number next', async () => {
    await upload('gone', [one('g1'), one('g2')]);
    const { next } = await settledPage('gone');
    await feed.remove('g1');
    expect((await settledPage('gone', next)).changes).toEqual([
      { order_number: 'g1', change: 'deleted', upload_id: null },
    ]);
    await upload('gone', [one('g1', { status: 'again' })]);
    expect(told(await settledPage('gone', next))).toEqual(['deleted g1', 'created g1']);
    expect(told(await page('gone'))).toEqual(['created g2', 'deleted g1', 'created g1']);
  });

  it('tells in one transaction of a deletion before the new order, too', async () => {
    await upload('anew', [one('anew')]);
    const { next } = await settledPage('anew');
    const client = await openTransaction();
    await remove(client, 'anew');
    await client.query(
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, 'anew', now(), 1, 'again', '' FROM users WHERE username = 'anew'`,
    );
    await client.query('COMMIT');
    expect(told(await settledPage('anew', next))).toEqual(['deleted anew', 'created anew']);
    expect(told(await settledPage('anew', next, 1))).toEqual(['deleted anew']);
  });

  it('comes in pages of any size, one after the other', async () => {
    await upload('pages', orders(7, 'p'));
    await feed.remove('p3');
    const whole = await settledPage('pages');
    expect(whole.changes).toHaveLength(7);
    for (const limit of [1, 2, 7]) {
      const changes: unknown[] = [];
      let after: string | undefined;
      for (let at = 0; at < 7; at += limit) {
        const { changes: some, next } = await page('pages', after, limit);
        changes.push(...some);
        after = next;
      }
      expect(changes).toEqual(whole.changes);
      expect((await page('pages', after)).changes).toEqual([]);
    }
  });

  it('has 100 changes where it is not said how many', async () => {
    await upload('hundred', orders(101, 'hundred-'));
    await settledPage('hundred');
    const { body } = await ask({ user: 'hundred' });
    expect(JSON.parse(body ?? '').changes).toHaveLength(100);
  });

  it('knows nothing of other sellers', async () => {
    await upload('mine', [one('mine')]);
    await upload('theirs', [one('theirs'), one('gone')]);
    await feed.remove('gone');
    expect(told(await settledPage('mine'))).toEqual(['created mine']);
    await upload('mine', [one('gone')]);
    expect(told(await settledPage('theirs'))).toEqual(['created theirs', 'deleted gone']);
  });

  it('begins with what was stored before there were changes to tell of', async () => {
    await upload('old', orders(3, 'old-'));
    await sql(
      `UPDATE orders SET created_xid = '2', changed_xid = '2' WHERE order_number <> 'old-1'`,
    );
    const { changes, next } = await settledPage('old', undefined, 2);
    expect(changes).toMatchObject([
      { order_number: 'old-0', change: 'created', upload_id: null },
      { order_number: 'old-2', change: 'created', upload_id: null },
    ]);
    expect(told(await page('old', next))).toEqual(['created old-1']);
  });

  it('tells also of what a function of the release before has changed', async () => {
    await upload('release', [one('r1')]);
    const { next } = await settledPage('release');
    await sql(`UPDATE orders SET status = 'x', last_changed_at = now() WHERE order_number = 'r1'`);
    expect((await settledPage('release', next)).changes).toMatchObject([
      { change: 'updated', upload_id: null, order: { status: 'x' } },
    ]);
  });

  it('answers 404 to an unknown user', async () => {
    expect((await ask({ user: 'nobody' })).statusCode).toBe(404);
  });

  it.each<[string, Query, string[]]>([
    ['no user', {}, ['?user missing']],
    ['a limit of 0', { user: 'a', limit: '0' }, ['?limit out_of_range']],
    ['a limit of 501', { user: 'a', limit: '501' }, ['?limit out_of_range']],
    ['another parameter', { user: 'a', from: '2025-01-01' }, ['?from unknown']],
  ])('answers 400 to %s', async (_what, query, errors) => {
    expect(errorsOf(await ask(query))).toEqual(errors);
  });
});

describe('a transaction that is not over', () => {
  it('keeps back what was begun after it, in which nothing of it may be missing', async () => {
    await upload('late', [one('l1'), one('l2')]);
    const { next } = await settledPage('late');
    const late = await openTransaction();
    await late.query(
      `UPDATE orders SET status = 'late', changed_xid = pg_current_xact_id() WHERE order_number = 'l1'`,
    );
    await upload('late', [one('l2', { status: 'paid' })]);
    const before = await page('late', next);
    expect(before.changes).toEqual([]);
    await late.query('COMMIT');
    expect(told(await settledPage('late', before.next))).toEqual(['updated l1', 'updated l2']);
  });

  it('keeps it back also in another database, until it ends', async () => {
    await upload('elsewhere', [one('elsewhere')]);
    const { next } = await settledPage('elsewhere');
    const other = await openTransaction('postgres');
    await upload('elsewhere', [one('elsewhere', { status: 'paid' })]);
    expect((await page('elsewhere', next)).changes).toEqual([]);
    await other.query('ROLLBACK');
    expect((await settledPage('elsewhere', next)).changes).toHaveLength(1);
  });

  it('that takes a number which was freed meanwhile leaves the order there', async () => {
    await upload('taken', [one('taken')]);
    const { next } = await settledPage('taken');
    const older = await openTransaction();
    await feed.remove('taken');
    await older.query(
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, 'taken', now(), 1, 'again', '' FROM users WHERE username = 'taken'`,
    );
    await older.query('COMMIT');
    const { changes, next: then } = await settledPage('taken', next);
    expect(changes).toMatchObject([{ change: 'created', order: { status: 'again' } }]);
    await upload('taken', [one('taken', { status: 'paid' })]);
    expect(told(await settledPage('taken', then))).toEqual(['updated taken']);
    expect(told(await page('taken', next))).toEqual(['created taken']);
  });

  it('that changes an order which got a freed number meanwhile leaves it there', async () => {
    await upload('freed', [one('freed')]);
    const { next } = await settledPage('freed');
    const older = await openTransaction();
    await feed.remove('freed');
    await upload('freed', [one('freed', { status: 'again' })]);
    await older.query(
      `UPDATE orders SET status = 'late', changed_xid = pg_current_xact_id() WHERE order_number = 'freed'`,
    );
    await older.query('COMMIT');
    const { changes } = await settledPage('freed', next);
    expect(changes).toMatchObject([{ change: 'created', order: { status: 'late' } }]);
  });
});
