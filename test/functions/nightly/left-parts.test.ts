import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { order } from '../../helpers/orders.ts';
import { useNightlyFunction } from './nightly-function.ts';

const test = useNightlyFunction();

const NIGHT = { scheduled_time: '2025-11-13T00:15:00Z' };

describe('what a night can leave to another', () => {
  const CANCELED = 'DatabaseBusyError: The database did not do the work in time (canceled).';

  beforeEach(() =>
    uploadOrders(test.db, 'seller', [
      order({ order_number: '1' }),
      order({ order_number: '2', created_at: '2025-10-10T10:00:00.000000Z' }),
    ]),
  );
  afterEach(() => test.pg.query('DROP FUNCTION IF EXISTS take_too_long() CASCADE'));

  /** Has what is done to rows of a table end as at the role's limit of time. */
  const fail = (what: string, table: string, when: string) =>
    test.pg.query(`
      CREATE FUNCTION take_too_long() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'canceling statement' USING ERRCODE = '57014'; END $$;
      CREATE TRIGGER take_too_long BEFORE ${what} ON ${table} FOR EACH ROW
        WHEN (${when}) EXECUTE FUNCTION take_too_long()`);

  const night = async () => {
    const lines = await test.logged(() => test.invoke(NIGHT));
    const { rows } = await test.pg.query<{ error: string | null }>(
      'SELECT error FROM nightly_runs ORDER BY started_at DESC LIMIT 1',
    );
    return {
      line: lines.find(({ message }) => message === 'daily stats succeeded'),
      metrics: lines.find((line) => 'FailedRuns' in line),
      error: rows[0]?.error,
    };
  };

  it('is an older day whose proof fails: it is told, and others come first the next night', async () => {
    await fail('INSERT OR UPDATE', 'proved_days', `NEW.day = '2025-10-10' AND NEW.proofs > 0`);
    const { line, metrics, error } = await night();
    expect(test.bus.events).toMatchObject([{ detail: { day: '2025-11-12', orders_count: 1 } }]);
    expect(metrics).toMatchObject({ SuccessfulNights: 1, FailedRuns: 0, PartsLeft: 1 });
    expect(line).toMatchObject({
      level: 'ERROR',
      days_checked: 2, // the night's own, and the 11th
      parts_left: 1,
      left: [{ part: 'figures', day: '2025-10-10', error: CANCELED }],
    });
    expect(error).toBe(`Left to another night: figures of 2025-10-10: ${CANCELED}`);
    const next = await night();
    expect(next.metrics).toMatchObject({ SuccessfulNights: 1, PartsLeft: 0 });
    expect(next.line).toMatchObject({ level: 'INFO', days_checked: 3 });
    expect(next.error).toBeNull();
  });

  it.each([
    [
      'the items of a day',
      'UPDATE',
      'proved_days',
      `NEW.day = '2025-10-10' AND NEW.proofs = OLD.proofs
      AND NEW.failed_at IS NULL`,
      { part: 'items', day: '2025-10-10' },
    ],
    ['former versions', 'DELETE', 'order_versions', 'true', { part: 'versions' }],
    ['refused uploads', 'DELETE', 'upload_refusals', 'true', { part: 'refusals' }],
  ])('is what fails of %s, and all else is done', async (_what, what, table, when, left) => {
    await test.pg.query(`
      INSERT INTO order_versions
      SELECT id, 7, user_id, order_number, created_at, total_amount, status, updated_at, items_digest,
        '[]', first_uploaded_at, last_changed_at, created_xid, changed_xid,
        now() - interval '401 days', changed_xid, false
      FROM orders LIMIT 1;
      UPDATE uploads SET id = uuidv7(interval '-401 days');
      INSERT INTO upload_refusals (user_id, day, code, status, key_id, request_id, pointer, errors_count)
      SELECT id, '2020-01-01', 'taken', 409, 'key', 'request', '', 1 FROM users`);
    await fail(what, table, when);
    const { line, metrics } = await night();
    expect(line).toMatchObject({
      days_checked: 3,
      left: [{ ...left, error: CANCELED }],
      ...(left.part !== 'versions' && { versions_pruned: 1 }),
      ...(left.part !== 'refusals' && { refusals_pruned: 1 }),
    });
    expect(metrics).toMatchObject({ SuccessfulNights: 1, PartsLeft: 1 });
    expect(test.bus.events).toHaveLength(1);
    const { rows } = await test.pg.query(
      'SELECT count(items_proved_at)::integer AS compared FROM proved_days',
    );
    expect(rows).toEqual([{ compared: left.part === 'items' ? 2 : 3 }]);
  });

  it('is not its own day', async () => {
    await fail('INSERT OR UPDATE', 'proved_days', `NEW.day = '2025-11-12'`);
    expect(await night()).toMatchObject({
      line: undefined,
      metrics: { FailedRuns: 1 },
      error: CANCELED,
    });
    expect(test.bus.events).toEqual([]);
  });
});
