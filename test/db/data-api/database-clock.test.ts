import { describe, expect, it } from 'vitest';
import { DataApiClient } from '../../../db/data-api/client.ts';
import { connect } from '../../../db/data-api/connect.ts';
import { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import { retrying } from '../../../db/data-api/retry.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { order, storedOrders } from '../../helpers/orders.ts';

const test = useTestDatabase();

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The tests' PostgreSQL has this machine's clock. */
const databaseNow = () => Date.now();

describe('DatabaseClock', () => {
  it.each([
    ['as the function', 0],
    ['an hour ahead of the function', -HOUR_MS],
    ['an hour behind the function', HOUR_MS],
  ])('limits writing by the clock of a database that is %s', async (_where, shiftMs) => {
    const now = () => Date.now() + shiftMs;
    const clock = new DatabaseClock(test.db, now);
    const before = databaseNow();
    const writeBy = await clock.before(now() + MINUTE_MS, async (limit) => limit.writeBy);
    expect(writeBy).toBeGreaterThan(before + MINUTE_MS - 5_000); // early by what the call took
    expect(writeBy).toBeLessThan(databaseNow() + MINUTE_MS);
  });

  it('is read in a call of its own once, however many uploads there are', async () => {
    const client = new DataApiClient();
    const db = connect(test.address, client);
    const clock = new DatabaseClock(db);
    for (const total_amount of ['1.00', '2.00', '3.00']) {
      await clock.before(Date.now() + MINUTE_MS, (limit) =>
        uploadOrders(db, 'often', [order({ order_number: 'often', total_amount })], limit),
      );
    }
    expect(client.usage.calls).toBe(1 + 3);
  });

  it('takes the answer that came soonest after the clock was read', async () => {
    const clock = new DatabaseClock(test.db, () => 1_000_000);
    const limitOf = () => clock.before(2_000_000, async ({ writeBy }) => writeBy);
    const hears = (ms: number) => clock.before(2_000_000, async ({ heard }) => heard?.(ms));
    await limitOf();
    await hears(databaseNow() + HOUR_MS); // nobody's clock goes back, but for being put right
    const best = await limitOf();
    await hears(databaseNow());
    expect(await limitOf()).toBe(best);
  });

  it('is read anew when a clock was put right, and the upload is stored', async () => {
    let shiftMs = HOUR_MS;
    const now = () => Date.now() + shiftMs;
    const clock = new DatabaseClock(test.db, now);
    await clock.before(now() + MINUTE_MS, async () => {});
    shiftMs = 0; // to the database it seems now that the time was over an hour ago
    const uploaded = [order({ order_number: 'put right' })];
    const reasons: string[] = [];
    await retrying(
      () =>
        clock.before(now() + MINUTE_MS, (limit) =>
          uploadOrders(test.db, 'put right', uploaded, limit),
        ),
      { deadlineAt: Date.now() + MINUTE_MS, onRetry: ({ reason }) => reasons.push(reason) },
    );
    expect(reasons).toEqual(['too_late']);
    expect(await storedOrders(test.pg, 'put right')).toEqual(uploaded);
  });
});
