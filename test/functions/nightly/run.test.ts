import { beforeEach, describe, expect, it, vi } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import type { Task } from '../../../functions/nightly/input.ts';
import { noProgress, type Progress } from '../../../functions/nightly/progress.ts';
import { doTask } from '../../../functions/nightly/run.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { orders } from '../../helpers/orders.ts';
import { startRun } from '../../helpers/runs.ts';

const test = useEmptyDatabase();
const DAYS = ['2025-01-01', '2025-01-02', '2025-01-03'];

beforeEach(async () => {
  for (const day of DAYS) {
    const created_at = `${day}T10:00:00.000000Z`;
    await uploadOrders(test.db, 'seller', orders(2, day, { created_at }));
  }
});

/** What a run has done when its time is over; `hasTime` is asked by how many calls it has made. */
async function run(task: Task, hasTime: (calls: number, progress: Progress) => boolean) {
  let calls = 0;
  const progress = noProgress();
  await doTask(test.connectAs('daily_stats'), task, {
    runId: await startRun(test.db),
    progress,
    hasTime: () => hasTime(calls, progress),
    keepVersionsDays: 400,
    publish: async () => {},
    trying: (work) => {
      calls += 1;
      return work();
    },
  });
  return progress;
}

/** The days of whose orders all items were looked at. */
async function daysWithItems(): Promise<string[]> {
  const { rows } = await test.pg.query<{ day: string }>(
    'SELECT day::text FROM proved_days WHERE items_proved_at IS NOT NULL ORDER BY 1',
  );
  return rows.map(({ day }) => day);
}

describe('a backfill whose time is over', () => {
  const task = { kind: 'backfill', from: '2025-01-01', to: '2025-01-04' } as const;

  it.each([
    [0, [], '2025-01-01'],
    [2, ['2025-01-01'], '2025-01-02'],
    [3, ['2025-01-01'], '2025-01-02'],
    [4, ['2025-01-01', '2025-01-02'], '2025-01-03'],
    [6, DAYS, undefined],
  ])('after %i calls leaves no day before the next whose items it did not compare', async (most, compared, next) => {
    expect(await run(task, (calls) => calls < most)).toMatchObject({ next });
    expect(await daysWithItems()).toEqual(compared);
  });

  it('goes on after a first day that took all of it, and would again', async () => {
    expect(await run(task, (calls) => calls < 1)).toMatchObject({ next: '2025-01-02' });
    const lastDay = { ...task, from: '2025-01-03' };
    expect(await run(lastDay, (calls) => calls < 1)).toMatchObject({ next: undefined });
  });
});

describe('what a night deletes, being old enough', () => {
  const task = { kind: 'night', from: '2025-01-03', to: '2025-01-04' } as const;

  /** Former versions from before the 400 days for which they are kept. */
  const plantOld = async (count: number) => {
    await test.pg.query(
      `INSERT INTO uploads (id, user_id, key_id, request_id, orders_count, items_count)
       SELECT uuidv7(interval '-401 days'), id, '-', '-', 1, 1 FROM users`,
    );
    await test.pg.query(
      `INSERT INTO order_versions
       SELECT id, -n, user_id, order_number, created_at, total_amount, status, updated_at,
         items_digest, '[]', first_uploaded_at, last_changed_at, created_xid, changed_xid,
         now() - interval '401 days', changed_xid, false
       FROM generate_series(1, $1::integer) AS n, (SELECT * FROM orders LIMIT 1) AS one`,
      [count],
    );
  };

  it('goes although the proof of older days takes all the time', async () => {
    await plantOld(1);
    const night = await run(task, (_calls, { sample }) => sample.length === 0);
    expect(night).toMatchObject({ sample: [expect.anything()], versionsPruned: 1 });
  });

  it('goes on the next night where there is so much that the proof would not come about', async () => {
    await plantOld(10_001);
    const startedAt = Date.now();
    const now = vi.spyOn(Date, 'now');
    const aMinuteACall = (calls: number) => {
      // No further ahead than a call's signature may be.
      now.mockReturnValue(startedAt + Math.min(calls, 4) * 61_000);
      return true;
    };
    const first = await run(task, aMinuteACall);
    expect(first).toMatchObject({ sample: [expect.anything()], versionsPruned: 10_000 });
    expect(await daysWithItems()).toHaveLength(2);
    expect(await run(task, aMinuteACall)).toMatchObject({ versionsPruned: 1 });
  });
});
