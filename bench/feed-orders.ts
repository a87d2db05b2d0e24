import type { Client } from 'pg';

/** Of `count` orders this share is the large seller's. */
const LARGE_SHARE = 0.8;
/** What each of the small sellers has. */
const SMALL_ORDERS = 1_000;
/** An upload of the large seller and one of a small one, by turns. */
const UPLOADED = 125;
/** Above those that making a database takes. */
const FIRST_XID = 10_000;

/** What only the admin's search reads; without it the orders are made in a fraction of the time. */
const SEARCH_INDEXES = [
  'order_items_search_idx',
  'orders_number_search_idx',
  'orders_number_last_word_idx',
  'orders_number_middle_word_idx',
];

/**
 * Orders with their history as years of uploads leave them: four fifths are of the seller `large`,
 * the others of sellers who have a thousand each, `small-0` and on. The first fifth is older than
 * the history. Of the large seller's orders every eighth was changed since, halfway to the end, and
 * has a former version. For every fifty orders there was one more that was deleted.
 */
export async function addHistory(db: Client, count: number): Promise<void> {
  const smallSellers = Math.max(1, Math.round((count * (1 - LARGE_SHARE)) / SMALL_ORDERS));
  const uploads = Math.ceil(count / UPLOADED);
  await db.query(`DROP INDEX ${SEARCH_INDEXES.join(', ')}`);
  await db.query(`SET session_replication_role = replica; SET synchronous_commit = off`);
  await useUpXids(db, FIRST_XID + 2 * uploads + 1_000);
  await db.query(
    `INSERT INTO users (username)
     SELECT 'large' UNION ALL SELECT 'small-' || n FROM generate_series(0, $1::int - 1) AS n`,
    [smallSellers],
  );
  await db.query(`
    CREATE TEMPORARY TABLE placed AS
    SELECT n, b, is_large, u.id AS user_id,
      CASE
        WHEN b < ${uploads / 5} THEN '2'
        ELSE (${FIRST_XID} + 2 * b + (NOT is_large)::int)::text
      END::xid8 AS created_xid,
      CASE
        WHEN is_large AND n % 10 = 3 THEN (${FIRST_XID} + 2 * ((b + ${uploads}) / 2))::text
      END::xid8 AS replaced_xid
    FROM (
      SELECT n, n / ${UPLOADED} AS b, n % 5 < 4 AS is_large
      FROM generate_series(0, ${count} - 1) AS n
    ) AS made
    JOIN users AS u
      ON u.username = CASE WHEN is_large THEN 'large' ELSE 'small-' || b % ${smallSellers} END
    ORDER BY n`);
  await db.query(`
    INSERT INTO uploads (user_id, xid, key_id, request_id, orders_count, items_count)
    SELECT DISTINCT ON (xid) user_id, xid, 'bench', 'bench', 100, 200
    FROM (
      SELECT user_id, created_xid AS xid FROM placed WHERE created_xid > '2'
      UNION ALL SELECT user_id, replaced_xid FROM placed WHERE replaced_xid IS NOT NULL
    ) AS written
    ORDER BY xid`);
  const fields = `user_id, 'N-' || n AS order_number,
    timestamptz '2025-01-01T00:00:00Z' + n * interval '6 seconds' AS created_at,
    (n * 37 % 100000) / 100.0 AS total_amount, (ARRAY['new', 'paid', 'delivered'])[n % 3 + 1] AS status,
    '\\x00'::bytea AS items_digest, created_xid`;
  const columns =
    'user_id, order_number, created_at, total_amount, status, items_digest, created_xid';
  await db.query(`
    INSERT INTO orders (${columns}, changed_xid, version)
    SELECT ${fields}, coalesce(replaced_xid, created_xid), CASE WHEN replaced_xid IS NULL THEN 1 ELSE 2 END
    FROM placed ORDER BY n`);
  await db.query(`
    INSERT INTO order_items (order_id, line_no, sku, name, quantity, price)
    SELECT id, line_no, 'sku-' || id % 20000 || '-' || line_no, 'Чай зелёный листовой ' || id % 100,
      1 + id % 5, id % 1000
    FROM orders, generate_series(1, 2) AS line_no ORDER BY id, line_no`);
  await db.query(`
    INSERT INTO order_versions
      (${columns}, order_id, version, items, first_uploaded_at, last_changed_at, changed_xid,
       replaced_xid, is_deletion)
    SELECT f.*, o.id, 1, '[]'::json, now(), now(), f.created_xid, o.changed_xid, false
    FROM (SELECT ${fields} FROM placed WHERE replaced_xid IS NOT NULL) AS f
    JOIN orders AS o USING (order_number)
    UNION ALL
    SELECT user_id, 'gone-' || order_number, created_at, total_amount, status, items_digest,
      created_xid, ${count} + n, 1, '[]', now(), now(), created_xid, created_xid, true
    FROM (SELECT n, ${fields} FROM placed WHERE n % 50 = 9 AND created_xid > '2') AS f`);
  await db.query('DROP TABLE placed');
  await db.query('VACUUM ANALYZE');
}

/** A page shows what stands below the next transaction's id. */
async function useUpXids(db: Client, until: number): Promise<void> {
  await db.query(`
    DO $$
    BEGIN
      WHILE pg_current_xact_id() < '${until}'::xid8 LOOP
        COMMIT;
      END LOOP;
    END
    $$`);
}
