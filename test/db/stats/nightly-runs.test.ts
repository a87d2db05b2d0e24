import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { computeDay } from '../../../db/stats/day-proof.ts';
import { beginRun, finishRun } from '../../../db/stats/nightly-runs.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order } from '../../helpers/orders.ts';
import { DAY, endRun, startRun } from '../../helpers/runs.ts';

const test = useEmptyDatabase();

describe('nightly_runs', () => {
  it('keeps what a run set out to do, found and took', async () => {
    const run = await startRun(test.db);
    const { rows } = await test.pg.query('SELECT status, finished_at FROM nightly_runs');
    expect(rows).toEqual([{ status: 'running', finished_at: null }]);
    await finishRun(test.db, run, {
      status: 'failed',
      days_checked: 3,
      rows_checked: 7,
      error: 'why',
    });
    const after = await test.pg.query(
      `SELECT kind, period_from::text, period_to::text, status, days_checked, rows_checked, error,
         finished_at > started_at AS took_time, duration_ms >= 0 AS has_duration FROM nightly_runs`,
    );
    expect(after.rows).toEqual([
      {
        kind: 'night',
        period_from: DAY,
        period_to: '2025-11-13',
        status: 'failed',
        days_checked: 3,
        rows_checked: '7',
        error: 'why',
        took_time: true,
        has_duration: true,
      },
    ]);
  });

  it('keeps of a long error what there is room for', async () => {
    const run = await startRun(test.db);
    const outcome = { status: 'failed', days_checked: 0, rows_checked: 0 } as const;
    await finishRun(test.db, run, { ...outcome, error: `${'x'.repeat(999)}😀 and more` });
    const { rows } = await test.pg.query('SELECT status, error FROM nightly_runs');
    expect(rows).toEqual([{ status: 'failed', error: `${'x'.repeat(999)}\ufffd` }]);
  });

  it('notices a run that was killed once it can no longer be running, and counts its drift', async () => {
    await uploadOrders(test.db, 'seller', [order()]);
    await test.pg.query('UPDATE daily_order_stats SET orders_count = 5');
    const killed = await startRun(test.db);
    await computeDay(test.db, DAY, killed);
    await endRun(test.db, await startRun(test.db)); // a minute later it may still be running
    await test.pg.query(
      `UPDATE nightly_runs SET started_at = now() - interval '17 minutes' WHERE id = $1`,
      [killed],
    );
    const next = await startRun(test.db);
    expect(await endRun(test.db, next)).toMatchObject({ drift_found: 1, abandoned_runs: 1 });
    expect(await endRun(test.db, await startRun(test.db))).toMatchObject({
      drift_found: 0,
      abandoned_runs: 0,
    });
    const { rows } = await test.pg.query('SELECT status FROM nightly_runs WHERE id = $1', [killed]);
    expect(rows).toEqual([{ status: 'abandoned' }]);
  });

  it('counts what an abandoned run had noticed of others, which it has told nobody', async () => {
    await uploadOrders(test.db, 'seller', [order()]);
    await test.pg.query('UPDATE daily_order_stats SET orders_count = 5');
    const killed = await startRun(test.db);
    await computeDay(test.db, DAY, killed);
    await age();
    await startRun(test.db); // notices it, and is killed as well
    await age();
    const next = await startRun(test.db);
    expect(await endRun(test.db, next)).toMatchObject({
      drift_found: 1,
      drift_repaired: 1,
      abandoned_runs: 2,
    });
    expect(await endRun(test.db, await startRun(test.db))).toMatchObject({ drift_found: 0 });
  });

  it('records a run once when its beginning is tried again', async () => {
    const run = { id: randomUUID(), kind: 'backfill', from: DAY, to: '2025-11-13' } as const;
    await beginRun(test.db, run);
    await beginRun(test.db, run);
    const { rows } = await test.pg.query('SELECT id FROM nightly_runs');
    expect(rows).toEqual([{ id: run.id }]);
  });
});

/** Makes all runs so old that none of them can still be running. */
const age = () =>
  test.pg.query(`UPDATE nightly_runs SET started_at = started_at - interval '17 minutes'`);
