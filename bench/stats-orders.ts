import type { Client } from 'pg';

/**
 * Gives a seller orders until there are `count`: over the year 2025 and three statuses,
 * with their roll-up.
 */
export async function addOrders(db: Client, user: string, count: number): Promise<void> {
  await db.query('INSERT INTO users (username) VALUES ($1) ON CONFLICT DO NOTHING', [user]);
  await db.query(
    `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
     SELECT u.id, u.username || '-' || n,
       timestamptz '2025-01-01 00:00:00Z' + n % 365 * interval '1 day' + n % 86400 * interval '1 second',
       (n * 37 % 100000) / 100.0, (ARRAY['new', 'paid', 'delivered'])[n % 3 + 1], ''
     FROM users AS u,
       generate_series((SELECT count(*) FROM orders WHERE user_id = u.id), $2::bigint - 1) AS n
     WHERE u.username = $1`,
    [user, count],
  );
  await rollUp(db, user);
}

/** Gives each of `sellers` new sellers the same share of `count` orders on one day. */
export async function addSellersDay(
  db: Client,
  day: string,
  sellers: number,
  count: number,
): Promise<void> {
  await db.query(
    `INSERT INTO users (username) SELECT 'seller-' || n FROM generate_series(1, $1::int) AS n`,
    [sellers],
  );
  await db.query(
    `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
     SELECT u.id, u.username || '-' || n,
       $1::date::timestamp AT TIME ZONE 'UTC' + n % 86400 * interval '1 second',
       (n * 37 % 100000) / 100.0, (ARRAY['new', 'paid', 'delivered'])[n % 3 + 1], ''
     FROM generate_series(1, $2::int) AS n, users AS u WHERE u.username LIKE 'seller-%'`,
    [day, count / sellers],
  );
  await rollUp(db, 'seller-%');
}

async function rollUp(db: Client, userPattern: string): Promise<void> {
  await db.query(
    `INSERT INTO daily_order_stats
     SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, status, count(*), sum(total_amount)
     FROM orders WHERE user_id IN (SELECT id FROM users WHERE username LIKE $1)
     GROUP BY 1, 2, 3
     ON CONFLICT (user_id, day, status) DO UPDATE SET
       orders_count = excluded.orders_count, total_revenue = excluded.total_revenue`,
    [userPattern],
  );
  await db.query('VACUUM ANALYZE orders, daily_order_stats, users');
}
