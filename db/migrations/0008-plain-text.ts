import { type Kysely, sql } from 'kysely';

// Texts that name something must differ where somebody can see it. Uploads are checked by functions; here is
// the same rule for what was stored before, and for who wants to list what could not be cleaned.

/** Control characters, what Unicode calls ignorable, annotation marks and an empty Braille cell. */
const INVISIBLE =
  '\\u0001-\\u0008\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u034f\\u061c' +
  '\\u115f-\\u1160\\u17b4-\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e' +
  '\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb' +
  '\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff';

/** White space other than U+0020. */
const SPACES =
  '\\u0009-\\u000d\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028-\\u2029\\u202f\\u205f\\u3000';

/** What emoji are made of. */
const PICTOGRAPH =
  '\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u2199\\u21a9-\\u21aa\\u231a-\\u231b' +
  '\\u2328\\u23cf\\u23e9-\\u23fa\\u24c2\\u25aa-\\u25ab\\u25b6\\u25c0\\u25fb-\\u25fe' +
  '\\u2600-\\u27bf\\u2934-\\u2935\\u2b05-\\u2b07\\u2b1b-\\u2b1c\\u2b50\\u2b55\\u3030\\u303d' +
  '\\u3297\\u3299\\U0001f000-\\U0001f1e5\\U0001f200-\\U0001f3fa\\U0001f400-\\U0001faff';

/** Letters, and what stands on them, of scripts in which joiners decide how they look. */
const JOINING =
  '\\u0606-\\u0608\\u060b\\u060e-\\u061a\\u0620-\\u065f\\u066e-\\u06d3\\u06d5-\\u06dc' +
  '\\u06de-\\u06ef\\u06fa-\\u06ff\\u070e\\u0710-\\u077f\\u07ca-\\u07f6\\u07fa-\\u07ff' +
  '\\u0840-\\u085d\\u085f-\\u088f\\u0892-\\u08e1\\u08e3-\\u0963\\u0971-\\u09e5' +
  '\\u09f0-\\u09f3\\u09fa-\\u09fc\\u09fe-\\u0a65\\u0a70-\\u0a75\\u0a77-\\u0ae5' +
  '\\u0af1-\\u0b65\\u0b70-\\u0b71\\u0b78-\\u0be5\\u0bf3-\\u0c65\\u0c70-\\u0c76' +
  '\\u0c7f-\\u0c83\\u0c85-\\u0ce5\\u0cf0-\\u0d57\\u0d5f-\\u0d65\\u0d79-\\u0de5' +
  '\\u0df0-\\u0df3\\u0df5-\\u0dff\\u0f00-\\u0f03\\u0f13\\u0f15-\\u0f1f\\u0f34-\\u0f39' +
  '\\u0f3e-\\u0f84\\u0f86-\\u0fcf\\u0fd5-\\u0fd8\\u0fdb-\\u103f\\u1050-\\u108f' +
  '\\u109a-\\u109f\\u1780-\\u17b3\\u17b6-\\u17d3\\u17d7\\u17db-\\u17df\\u17ea-\\u17ef' +
  '\\u17fa-\\u17ff\\u181a-\\u18af';

/** Invisible characters where they are seen in what is around them. */
const SEEN = [
  `(?<=[${PICTOGRAPH}])\\ufe0f`,
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  `(?<=[${PICTOGRAPH}][\\ufe0f\\U0001f3fb-\\U0001f3ff]?)\\u200d(?=[${PICTOGRAPH}])`,
  `(?<=[${JOINING}])[\\u200c\\u200d](?=[${JOINING}])`,
  // The flags of England, Scotland and Wales.
  '(?<=\\U0001f3f4)\\U000e0067\\U000e0062(?:\\U000e0065\\U000e006e\\U000e0067|' +
    '\\U000e0073\\U000e0063\\U000e0074|\\U000e0077\\U000e006c\\U000e0073)\\U000e007f',
].join('|');

/** Texts that may be otherwise than they should; all else is as it should be, which is most of what there is. */
const MAYBE_ODD = sql.lit('^ | $|[^ -~À-žЀ-џ№]');

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  // The text composed, without white space at its ends and without what cannot be seen. May be longer than
  // before, or empty.
  await sql`
    CREATE FUNCTION plain_text_of_any(x text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
      x := regexp_replace(normalize(x, NFC), '[${sql.raw(SPACES)}]', ' ', 'g');
      x := regexp_replace(x, '(${sql.raw(SEEN)})|[${sql.raw(INVISIBLE)}]', '\\1', 'g');
      RETURN normalize(btrim(x, ' '), NFC);
    END
    $$
  `.execute(db);
  await sql`
    CREATE FUNCTION plain_text(x text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
      WHEN x COLLATE "C" !~ ${MAYBE_ODD} THEN x
      ELSE plain_text_of_any(x COLLATE "C") COLLATE "C"
    END
  `.execute(db);

  // Uploads wait: one could store an odd text meanwhile, and takes its rows in another order.
  await sql`LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE`.execute(db);
  await cleanStatuses(db);
  await cleanOrderNumbers(db);
}

/** Together with the roll-up, where two statuses may become one. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function cleanStatuses(db: Kysely<any>): Promise<void> {
  await sql`
    WITH odd AS MATERIALIZED (
      SELECT DISTINCT status FROM orders WHERE status COLLATE "C" ~ ${MAYBE_ODD}
    ),
    cleaned AS MATERIALIZED (
      SELECT status, plain_text(status) AS clean FROM odd
      WHERE plain_text(status) <> status AND length(plain_text(status)) BETWEEN 1 AND 20
    ),
    changed AS (
      UPDATE orders AS o SET status = c.clean, last_changed_at = now()
      FROM cleaned AS c WHERE o.status = c.status
      RETURNING new.user_id, (new.created_at AT TIME ZONE 'UTC')::date AS day,
        old.status AS old_status, new.status AS new_status, new.total_amount
    ),
    differences AS (
      SELECT user_id, day, status, sum(orders) AS orders_count, sum(amount) AS total_revenue
      FROM (
        SELECT user_id, day, new_status AS status, 1 AS orders, total_amount AS amount FROM changed
        UNION ALL
        SELECT user_id, day, old_status, -1, -total_amount FROM changed
      ) AS change
      GROUP BY user_id, day, status
    )
    INSERT INTO daily_order_stats AS d (user_id, day, status, orders_count, total_revenue)
    SELECT user_id, day, status, orders_count, total_revenue FROM differences
    ORDER BY user_id, day, status COLLATE "C"
    ON CONFLICT (user_id, day, status) DO UPDATE SET
      orders_count = d.orders_count + excluded.orders_count,
      total_revenue = d.total_revenue + excluded.total_revenue
  `.execute(db);
}

/** Where the clean number is free, for the first that has it. The others stay as they are. */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function cleanOrderNumbers(db: Kysely<any>): Promise<void> {
  await sql`
    WITH odd AS MATERIALIZED (
      SELECT id, order_number, plain_text(order_number) AS clean FROM orders
      WHERE order_number COLLATE "C" ~ ${MAYBE_ODD}
    ),
    cleaned AS MATERIALIZED (
      SELECT DISTINCT ON (clean) id, clean FROM odd
      WHERE clean <> order_number AND length(clean) BETWEEN 1 AND 50
        AND NOT EXISTS (SELECT FROM orders AS o WHERE o.order_number = odd.clean)
      ORDER BY clean, id
    )
    UPDATE orders AS o SET order_number = c.clean, last_changed_at = now()
    FROM cleaned AS c WHERE o.id = c.id
  `.execute(db);
}

/** What was cleaned stays clean. */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP FUNCTION plain_text(text), plain_text_of_any(text)`.execute(db);
}
