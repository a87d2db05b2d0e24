import { describe, expect, it } from 'vitest';
import type { ChangesCursor } from '../../../db/orders/changes-cursor.ts';
import {
  parseChangesCursor,
  writeChangesCursor,
} from '../../../functions/orders/changes-cursor.ts';
import { orders } from '../../helpers/orders.ts';
import { errorsOf } from '../stats/client.ts';
import { useChanges } from './changes-client.ts';
import type { Answer } from './client.ts';

const { ask, collide, page, settledPage, sql, upload } = useChanges();

const DAY_MS = 86_400_000;

/** The cursor after a seller's first change of two. */
async function cursorOf(user: string): Promise<ChangesCursor> {
  await upload(user, orders(2, `${user}-`));
  return parsed((await settledPage(user, undefined, 1)).next);
}

function parsed(next: string): ChangesCursor {
  const cursor = parseChangesCursor(Buffer.from(next, 'base64url').toString());
  if (!cursor) throw new Error('The cursor cannot be read.');
  return cursor;
}

const askAfter = (cursor: ChangesCursor) =>
  ask({ user: cursor.user, after: writeChangesCursor(cursor) });

function expectRefused({ statusCode, body }: Answer, code: string) {
  expect([statusCode, JSON.parse(body ?? '').errors]).toEqual([
    409,
    [{ pointer: '?after', code, detail: expect.stringContaining('Begin anew, without after') }],
  ]);
}

describe('a cursor of a database that was restored since', () => {
  it.each<[string, (cursor: ChangesCursor) => Promise<unknown>]>([
    ['is not there', ({ receipt }) => sql('DELETE FROM uploads WHERE id = $1', receipt?.id)],
    [
      'was written at another time',
      ({ receipt }) =>
        sql(
          `UPDATE uploads SET created_at = created_at + interval '1 microsecond' WHERE id = $1`,
          receipt?.id,
        ),
    ],
    [
      'was written by another transaction',
      ({ receipt }) => sql(`UPDATE uploads SET xid = '3' WHERE id = $1`, receipt?.id),
    ],
  ])('is refused where its receipt %s', async (what, restore) => {
    const cursor = await cursorOf(what);
    expect((await askAfter(cursor)).statusCode).toBe(200);
    await restore(cursor);
    expectRefused(await askAfter(cursor), 'cursor_from_another_database');
    await sql(`UPDATE uploads SET xid = pg_current_xact_id() WHERE xid = '3'`);
  });

  it('is refused where no such transaction has been yet, with a receipt or without', async () => {
    const cursor = await cursorOf('future');
    const [{ xid }] = await sql('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid');
    const later = { ...cursor, xid: String(BigInt(xid) + 1_000_000n) };
    expectRefused(await askAfter(later), 'cursor_from_another_database');
    expectRefused(await askAfter({ ...later, receipt: null }), 'cursor_from_another_database');
  });

  it('takes no receipt of another seller for its own where transactions have the same number', async () => {
    await collide();
    const { changes, next } = await settledPage('owner');
    expect(changes).toMatchObject([{ upload_id: null, order: { upload_id: null } }]);
    expect(parsed(next).receipt).toBeNull();
  });

  it('is known by the last receipt that was given, however long ago', async () => {
    const cursor = await cursorOf('known');
    await sql(
      `UPDATE orders SET changed_xid = pg_current_xact_id() WHERE order_number = 'known-1'`,
    );
    const { changes, next } = await settledPage('known', writeChangesCursor(cursor));
    expect(changes).toMatchObject([{ order_number: 'known-1', upload_id: null }]);
    const then = await page('known', next);
    await sql('DELETE FROM uploads WHERE id = $1', cursor.receipt?.id);
    const answer = await ask({ user: 'known', after: then.next });
    expectRefused(answer, 'cursor_from_another_database');
  });
});

describe('a cursor that is older than deletions are kept', () => {
  const agedBy = (cursor: ChangesCursor, days: number): ChangesCursor => ({
    ...cursor,
    completeAtMs: cursor.completeAtMs - days * DAY_MS,
  });

  it('is refused an hour before, in which a deletion may have been under way', async () => {
    const cursor = await cursorOf('aged');
    expect((await askAfter(agedBy(cursor, 400 - 1.5 / 24))).statusCode).toBe(200);
    expectRefused(await askAfter(agedBy(cursor, 400 - 0.9 / 24)), 'cursor_too_old');
  });

  it('is as young as the last look at everything, also where that was nothing new', async () => {
    const cursor = await cursorOf('looked');
    const old = writeChangesCursor(agedBy(cursor, 399));
    const part = parsed((await page('looked', old, 1)).next);
    expect(part.completeAtMs).toBe(cursor.completeAtMs - 399 * DAY_MS);
    const all = parsed((await page('looked', writeChangesCursor(part))).next);
    expect(all.completeAtMs).toBeGreaterThan(cursor.completeAtMs);
    const nothingNew = parsed((await page('looked', writeChangesCursor(agedBy(all, 399)))).next);
    expect(nothingNew).toEqual({ ...all, completeAtMs: expect.any(Number) });
    expect(nothingNew.completeAtMs).toBeGreaterThanOrEqual(all.completeAtMs);
  });

  it('is never that of a reader who has just begun, however old what it was given is', async () => {
    await upload('ancient', orders(3, 'ancient-'));
    await sql(`UPDATE uploads SET created_at = now() - interval '10 years'`);
    let { next } = await settledPage('ancient', undefined, 1);
    for (const rest of [1, 1, 0]) {
      const then = await page('ancient', next, 1);
      expect(then.changes).toHaveLength(rest);
      next = then.next;
    }
  });
});

describe('a broken cursor', () => {
  const cut = (text: string, by: number) => text.slice(0, -by);

  it.each<[string, (cursor: ChangesCursor) => string]>([
    ['of nothing', () => ''],
    ['of words', () => 'the last one'],
    ['of another list', () => Buffer.from('2025-11-12T10:00:00.000000Z_7').toString('base64url')],
    ['that lost its end', (cursor) => cut(writeChangesCursor(cursor), 3)],
    ['that lost its beginning', (cursor) => writeChangesCursor(cursor).slice(4)],
    ['with something behind it', (cursor) => `${writeChangesCursor(cursor)}==`],
    [
      'of a transaction that is no number',
      (cursor) => writeChangesCursor({ ...cursor, xid: "1' --" }),
    ],
    [
      'of a transaction beyond all',
      (cursor) => writeChangesCursor({ ...cursor, xid: '9'.repeat(30) }),
    ],
    ['of half an order', (cursor) => writeChangesCursor({ ...cursor, orderId: 0.5 })],
    [
      'of a receipt that is none',
      (cursor) => writeChangesCursor({ ...cursor, receipt: { id: 'x', xid: '1', createdAtUs: 1 } }),
    ],
    ["that is another seller's", (cursor) => writeChangesCursor({ ...cursor, user: 'another' })],
  ])('%s is a 400', async (what, broken) => {
    const cursor = await cursorOf(what);
    const code = what === 'of nothing' ? 'too_short' : 'invalid_cursor';
    expect(errorsOf(await ask({ user: what, after: broken(cursor) }))).toEqual([`?after ${code}`]);
  });
});
