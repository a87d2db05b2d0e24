import type { Client } from 'pg';

const UPLOADS = 100_000;
const KEYS = 10_000;
const AUDIT_LINES = 100_000;
/** Of each seller's, on each of the days that are kept. */
const REFUSAL_DAYS = 30;

/** Whose key and doing all of it is. */
export const KEY_ID = 'bench0key000';
export const ACTOR = 'arn:aws:iam::000000000000:user/somebody-of-the-bench';

/**
 * What a marketplace's sellers and the people of the service leave beside orders: receipts of
 * uploads, keys, lines of the audit log and refused uploads.
 *
 * @returns the id of some upload
 */
export async function addRecords(db: Client): Promise<string> {
  await db.query(`
    INSERT INTO uploads
      (user_id, xid, created_at, key_id, request_id, orders_count, items_count, orders_created)
    SELECT
      1 + floor(999.99 * power(random(), 3)), (1000000000 + n)::text::xid8,
      now() - n * interval '5 minutes', '${KEY_ID}', 'request-' || n, 100, 300, 90
    FROM generate_series(1, ${UPLOADS}) AS n;
    INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, created_at, last_used_at)
    SELECT
      lpad(to_hex(n), 12, '0'), 1 + n % 1000, 'shop ' || n, 'orders:write', sha256(n::text::bytea),
      now() - n * interval '1 hour', now() - n * interval '1 minute'
    FROM generate_series(1, ${KEYS}) AS n;
    INSERT INTO audit_log (at, actor, action, seller_id, target, before, after, request_id)
    SELECT
      now() - n * interval '10 minutes', '${ACTOR}', 'order.delete', 1 + n % 1000, 'N-' || n,
      '{"status": "new", "total_amount": "10.00"}', NULL, 'request-' || n
    FROM generate_series(1, ${AUDIT_LINES}) AS n;
    INSERT INTO upload_refusals (user_id, day, code, status, key_id, request_id, pointer, errors_count)
    SELECT
      id, current_date - d, 'too_long', 400, '${KEY_ID}', 'request', '/orders/0/status', 1
    FROM users, generate_series(0, ${REFUSAL_DAYS - 1}) AS d`);
  const { rows } = await db.query<{ id: string }>('SELECT id FROM uploads OFFSET 1000 LIMIT 1');
  return rows[0]?.id ?? '';
}
