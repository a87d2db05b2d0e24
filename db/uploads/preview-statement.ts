import { type RawBuilder, sql } from 'kysely';
import { ANSWER_BYTES, answerBytes } from '../data-api/answer-bytes.ts';
import type { UploadBatch } from './batches.ts';
import { list } from './column-sql.ts';
import { ORDER_COLUMNS } from './order-columns.ts';
import { plannedOrders } from './planned.ts';
import { differencesOf } from './roll-up-changes.ts';

/** Where a row stands in what there is to tell of a batch. */
export interface PlanPlace {
  readonly part: number;
  readonly place: number;
}

/** As many rows as one call of the Data API answers; at least one. */
interface PlanRow extends PlanPlace {
  /**
   * - Part 0: that there are orders of another seller, as `{"count": 1, "numbers": ["12345"]}` with
   *   the first 100 of them; nothing else is told then.
   * - Part 1: the first letters of what is planned for some orders, by their places.
   * - Part 2: some days as JSON, a `PreviewedDay` each.
   */
  readonly text: string;
  /** Whether others come after these. */
  readonly has_more: boolean;
}

/** AWS says that a row has at most 64 KB. */
const ROW_ACTIONS = 10_000;
const ROW_DAYS = 100;

/** What a row takes beside its text. */
const ROW_BYTES = 100;

/** Plans a batch as `storeBatchStatement` does, and does nothing. */
export function previewBatchStatement(
  user: string,
  { orders }: UploadBatch,
  { part, place }: PlanPlace,
): RawBuilder<PlanRow> {
  return sql<PlanRow>`
WITH ${plannedOrders(user, orders)},
"foreign" AS MATERIALIZED (
  SELECT place, order_number FROM planned
  WHERE owner_id IS DISTINCT FROM (SELECT id FROM known_seller) AND action <> 'create'
),
changes AS (
  SELECT
    0 AS user_id, p.action, o.created_at AS old_created_at, o.status AS old_status,
    o.total_amount AS old_total_amount, u.created_at AS new_created_at, u.status AS new_status,
    u.total_amount AS new_total_amount
  FROM planned AS p
  JOIN uploaded AS u USING (place)
  LEFT JOIN LATERAL (SELECT ${list(ORDER_COLUMNS)} FROM orders WHERE id = p.id OFFSET 0) AS o ON true
  WHERE p.action IN ('create', 'update') AND NOT EXISTS (SELECT FROM "foreign")
),
days AS (
  SELECT
    row_number() OVER (ORDER BY day, status COLLATE "C") - 1 AS nth,
    json_build_object(
      'date', day, 'status', status, 'orders_count', orders_count,
      'total_revenue', total_revenue::text
    ) AS day
  FROM (
    ${differencesOf({ rows: sql`changes`, are: sql`true`, were: sql`action = 'update'` })}
  ) AS d
),
told AS (
  SELECT
    0 AS part, 0 AS place,
    json_build_object(
      'count', count(*),
      'numbers', (array_agg(order_number ORDER BY place))[1 : 100]
    )::text AS text
  FROM "foreign" HAVING count(*) > 0
  UNION ALL
  SELECT 1, (place - 1) / ${sql.lit(ROW_ACTIONS)}, string_agg(left(action, 1), '' ORDER BY place)
  FROM planned WHERE NOT EXISTS (SELECT FROM "foreign") GROUP BY 2
  UNION ALL
  SELECT 2, nth / ${sql.lit(ROW_DAYS)}, json_agg(day ORDER BY nth)::text FROM days GROUP BY 2
),
sized AS MATERIALIZED (
  SELECT
    part, place, text,
    sum(${answerBytes(sql`text`)} + ${sql.lit(ROW_BYTES)}) OVER (ORDER BY part, place) AS bytes
  -- What is taken may be so since the call before.
  FROM told WHERE part = 0 OR (part, place) > (${sql.lit(part)}, ${sql.lit(place)})
)
SELECT
  part, place::integer AS place, text,
  (SELECT max(bytes) FROM sized) > ${sql.lit(ANSWER_BYTES)} AS has_more
FROM sized WHERE bytes <= ${sql.lit(ANSWER_BYTES)}
ORDER BY part, place`;
}
