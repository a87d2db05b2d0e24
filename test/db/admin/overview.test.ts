import { beforeEach, describe, expect, it } from 'vitest';
import { findHealth } from '../../../db/admin/health.ts';
import { findOverview } from '../../../db/admin/overview.ts';
import { listUploads } from '../../../db/admin/uploads-list.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { order } from '../../helpers/orders.ts';

const test = useEmptyDatabase();

/** A Thursday: its week began on the 10th. */
const TODAY = '2025-11-13';
const overview = (today = TODAY) =>
  findOverview(test.connectAs('admin'), today, ['cancelled', 'отменён']);

let next = 0;
const sold = (day: string, total_amount: string, status = 'paid') =>
  order({
    order_number: `n-${next++}`,
    created_at: `${day}T23:59:59.999999Z`,
    total_amount,
    status,
  });

describe('the overview', () => {
  it('is of nothing while there is nothing', async () => {
    const { periods, ...lists } = await overview();
    expect(lists).toEqual({ days: [], statuses: [], sellers: [] });
    expect(periods.today).toEqual({
      first_day: TODAY,
      last_day: TODAY,
      orders_count: 0,
      total_revenue: '0.00',
      kept_revenue: '0.00',
      before: {
        first_day: '2025-11-06',
        last_day: '2025-11-06',
        orders_count: 0,
        total_revenue: '0.00',
        kept_revenue: '0.00',
      },
    });
  });

  it('adds up each period of all sellers, and the one that it is compared with', async () => {
    await uploadOrders(test.db, 'one', [
      sold('2025-11-14', '1000000.00'), // tomorrow
      sold(TODAY, '0.01'),
      sold('2025-11-12', '0.10'),
      sold('2025-11-10', '1.00'),
      sold('2025-11-09', '10.00'),
    ]);
    await uploadOrders(test.db, 'two', [
      sold('2025-11-06', '100.00'),
      sold('2025-11-05', '1000.00'),
      sold('2025-10-15', '10000.00'), // the first of thirty days
      sold('2025-10-14', '100000.00'),
      sold('2025-09-15', '0.02'), // the first of sixty
      sold('2025-09-14', '1000000.00'),
    ]);
    const { periods } = await overview();
    const told = Object.entries(periods).map(([name, { before, ...own }]) => [
      name,
      [own.first_day, own.last_day, own.orders_count, own.total_revenue],
      [before.first_day, before.last_day, before.orders_count, before.total_revenue],
    ]);
    expect(told).toEqual([
      ['today', [TODAY, TODAY, 1, '0.01'], ['2025-11-06', '2025-11-06', 1, '100.00']],
      [
        'yesterday',
        ['2025-11-12', '2025-11-12', 1, '0.10'],
        ['2025-11-05', '2025-11-05', 1, '1000.00'],
      ],
      ['week', ['2025-11-10', TODAY, 3, '1.11'], ['2025-11-03', '2025-11-06', 2, '1100.00']],
      ['days', ['2025-10-15', TODAY, 7, '11111.11'], ['2025-09-15', '2025-10-14', 2, '100000.02']],
    ]);
  });

  it('tells what is cancelled apart, in any case, to the cent', async () => {
    await uploadOrders(test.db, 'one', [
      sold(TODAY, '9007199254.01'),
      sold(TODAY, '0.02', 'Cancelled'),
      sold(TODAY, '0.04', 'ОТМЕНЁН'),
      sold(TODAY, '0.08', 'cancelled by us'),
    ]);
    const { periods, days, statuses, sellers } = await overview();
    const figures = {
      orders_count: 4,
      total_revenue: '9007199254.15',
      kept_revenue: '9007199254.09',
    };
    expect(periods.today).toMatchObject(figures);
    expect(days).toEqual([{ day: TODAY, ...figures }]);
    expect(sellers).toEqual([{ seller: 'one', ...figures }]);
    expect(statuses.find(({ status }) => status === 'ОТМЕНЁН')).toMatchObject({
      orders_count: 1,
      total_revenue: '0.04',
      kept_revenue: '0.00',
    });
  });

  it('has each day once, the statuses with most orders and the sellers with most revenue first', async () => {
    await uploadOrders(test.db, 'small', [sold('2025-11-12', '9.00'), sold(TODAY, '9.00', 'new')]);
    await uploadOrders(test.db, 'large', [sold('2025-11-12', '10.00'), sold(TODAY, '10.00')]);
    await uploadOrders(test.db, 'former', [sold('2025-10-01', '999.00', 'lost')]);
    const { days, statuses, sellers } = await overview();
    expect(days.map(({ day, orders_count }) => [day, orders_count])).toEqual([
      ['2025-10-01', 1], // drawn behind
      ['2025-11-12', 2],
      [TODAY, 2],
    ]);
    expect(statuses.map(({ status, orders_count }) => [status, orders_count])).toEqual([
      ['paid', 3],
      ['new', 1],
    ]);
    expect(sellers.map(({ seller, total_revenue }) => [seller, total_revenue])).toEqual([
      ['large', '20.00'],
      ['small', '18.00'],
    ]);
  });

  it('leaves out a day whose orders have all moved away', async () => {
    const moving = sold('2025-11-12', '9.00');
    await uploadOrders(test.db, 'one', [moving]);
    await uploadOrders(test.db, 'one', [{ ...moving, created_at: `${TODAY}T00:00:00Z` }]);
    expect((await overview()).days.map(({ day }) => day)).toEqual([TODAY]);
  });
});

describe('the sellers with most revenue', () => {
  it('are none whose orders have all moved away', async () => {
    const moving = sold('2025-11-12', '9.00');
    await uploadOrders(test.db, 'gone', [moving]);
    await uploadOrders(test.db, 'gone', [{ ...moving, created_at: '2025-01-01T00:00:00Z' }]);
    await uploadOrders(test.db, 'there', [sold(TODAY, '-1.00')]);
    expect((await overview()).sellers.map(({ seller }) => seller)).toEqual(['there']);
  });
});

describe('the latest uploads', () => {
  it('are those of all sellers, newest first, with what they changed', async () => {
    const first = sold(TODAY, '1.00');
    await uploadOrders(test.db, 'one', [first, sold(TODAY, '1.00')]);
    await uploadOrders(test.db, 'two', [sold(TODAY, '1.00')]);
    await uploadOrders(test.db, 'one', [{ ...first, status: 'new' }]);
    const uploads = await listUploads(test.connectAs('admin'), { limit: 2 });
    expect(uploads).toMatchObject([
      { seller: 'one', kind: 'upload', orders_created: 0, orders_updated: 1 },
      { seller: 'two', kind: 'upload', orders_created: 1, orders_updated: 0 },
    ]);
    expect(uploads[0]?.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  });
});

describe('the health', () => {
  const health = () => findHealth(test.connectAs('admin'), TODAY);
  beforeEach(() => uploadOrders(test.db, 'one', [sold('2025-11-10', '1.00')]));

  it('names the first day that no run has computed again from its orders', async () => {
    expect((await health()).unproved_day).toBe('2025-11-10');
    await test.pg.query(`
      INSERT INTO proved_days (day, proofs, proved_at)
      VALUES ('2025-11-10', 1, now()), ('2025-11-12', 1, now())`);
    expect((await health()).unproved_day).toBe('2025-11-11');
    await test.pg.query(
      `INSERT INTO proved_days (day, proofs, proved_at) VALUES ('2025-11-11', 1, now())`,
    );
    expect((await health()).unproved_day).toBeNull(); // today has not ended
    await test.pg.query(
      `UPDATE proved_days SET proved_at = '2025-11-11T23:59:59Z' WHERE day = '2025-11-11'`,
    );
    expect((await health()).unproved_day).toBe('2025-11-11'); // which had not ended then
  });

  it('tells of the last night, and not of what was run by hand', async () => {
    expect((await health()).night).toBeNull();
    await test.pg.query(`
      INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at, drift_found)
      VALUES
        (gen_random_uuid(), 'night', '2025-11-11', '2025-11-12', 'succeeded', '2025-11-12T00:15:00Z', 0),
        (gen_random_uuid(), 'night', '2025-11-12', '2025-11-13', 'failed', '2025-11-13T00:15:00Z', 3),
        (gen_random_uuid(), 'backfill', '2025-11-01', '2025-11-13', 'succeeded', '2025-11-13T10:00:00Z', 0)`);
    expect((await health()).night).toMatchObject({
      status: 'failed',
      day: '2025-11-12',
      started_at: '2025-11-13T00:15:00Z',
      drift_found: 3,
    });
  });

  it('names the keys that soon open nothing any more, unless they are replaced or revoked', async () => {
    await test.pg.query(`
      INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at, revoked_at, replaced_by)
      SELECT k.id, u.id, 'shop', 'orders:write', sha256(k.id::bytea), now() + days * interval '1 day', revoked, by
      FROM users AS u, (VALUES
        ('later', 15, NULL::timestamptz, NULL), ('second', 13, NULL, NULL), ('first', 1, NULL, NULL),
        ('revoked', 2, now(), NULL), ('ended', -1, NULL, NULL), ('replaced', 3, NULL, 'later')
      ) AS k (id, days, revoked, by)`);
    expect((await health()).expiring_keys).toMatchObject([
      { id: 'first', seller: 'one', label: 'shop' },
      { id: 'second', seller: 'one' },
    ]);
    expect((await health()).more_expiring_keys).toBe(0);
    await test.pg.query(`
      INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at)
      SELECT 'k' || n, u.id, 'shop', 'orders:write', sha256(n::text::bytea), now() + n * interval '1 hour'
      FROM users AS u, generate_series(1, 11) AS n`);
    const { expiring_keys, more_expiring_keys } = await health();
    expect([expiring_keys.length, expiring_keys[0]?.id, more_expiring_keys]).toEqual([10, 'k1', 3]);
  });
});
