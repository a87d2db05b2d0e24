import { type Kysely, type RawBuilder, sql } from 'kysely';
import { instantText } from '../orders/order-json.ts';
import type { Database } from '../schema.ts';
import { type UploadBatch, uploadBatches } from './batches.ts';
import { asText, list } from './column-sql.ts';
import {
  ITEM_COLUMNS,
  ORDER_COLUMNS,
  type UploadedItem,
  type UploadedOrder,
} from './order-columns.ts';
import { plannedOrders } from './planned.ts';
import { differencesOf } from './roll-up-changes.ts';
import { OrderOwnedByAnotherSellerError } from './upload-outcome.ts';

/** What an upload would do. */
export interface UploadPreview {
  /** By order number, in no order. */
  readonly orders: ReadonlyMap<string, PreviewedOrder>;
  readonly days: readonly PreviewedDay[];
}

export interface PreviewedOrder {
  readonly action: 'create' | 'update' | 'keep' | 'stale';
  /**
   * What is stored of an order that would change. `undefined` of any other, and of one that is too
   * large to be looked at.
   */
  readonly stored?: StoredOrder | undefined;
}

/** As `UploadedOrder` has it, every field as text. */
export interface StoredOrder {
  readonly created_at: string;
  readonly total_amount: string;
  readonly status: string;
  readonly updated_at: string | null;
  /** By their lines. */
  readonly items: readonly Readonly<Record<keyof UploadedItem, string>>[];
}

/** By how much the figures of a day's orders of one status would change. */
export interface PreviewedDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly status: string;
  readonly orders_count: number;
  /** Decimal text with 2 places. */
  readonly total_revenue: string;
}

/** What the Data API answers in one call is at most 1 MiB; the rest of it is JSON's own. */
const MAX_ANSWER_BYTES = 700_000;

/**
 * What an upload of these orders would do now. Nothing is written and nothing is locked.
 *
 * @param orders with distinct order numbers
 * @throws {OrderOwnedByAnotherSellerError}
 */
export async function previewUpload(
  db: Kysely<Database>,
  user: string,
  orders: readonly UploadedOrder[],
): Promise<UploadPreview> {
  const previewed = new Map<string, PreviewedOrder>();
  const days: PreviewedDay[] = [];
  for (const batch of uploadBatches(orders)) {
    let after: number | null = 0;
    while (after !== null) {
      const answer: PreviewRow = await previewBatch(db, user, batch, after);
      for (const { order_number, ...order } of parse<PreviewedRow[]>(answer.orders)) {
        previewed.set(order_number, order);
      }
      if (after === 0) days.push(...parse<PreviewedDay[]>(answer.days));
      after = answer.next;
    }
  }
  return { orders: previewed, days: summed(days) };
}

type PreviewedRow = PreviewedOrder & { readonly order_number: string };

interface PreviewRow {
  /** `PreviewedRow`s as JSON text, of those that are not as they were sent. */
  orders: string;
  /** `PreviewedDay`s as JSON text. */
  days: string;
  /** After which place the rest begins; `null` where there is none. */
  next: number | null;
  foreign_order_numbers: string;
  foreign_count: number;
}

const parse = <T>(json: string): T => JSON.parse(json);

async function previewBatch(
  db: Kysely<Database>,
  user: string,
  batch: UploadBatch,
  after: number,
): Promise<PreviewRow> {
  const { rows } = await previewBatchStatement(user, batch, after).execute(db);
  const [row] = rows;
  if (!row) throw new Error('The statement that previews an upload answered no row.');
  if (row.foreign_count > 0) {
    throw new OrderOwnedByAnotherSellerError(parse(row.foreign_order_numbers), row.foreign_count);
  }
  return row;
}

/** Plans a batch as `storeBatchStatement` does, and does nothing. */
function previewBatchStatement(
  user: string,
  { orders }: UploadBatch,
  after: number,
): RawBuilder<PreviewRow> {
  return sql<PreviewRow>`
WITH ${plannedOrders(user, { orders })},
"foreign" AS (
  SELECT order_number FROM planned
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
  WHERE p.action IN ('create', 'update')
),
listed AS MATERIALIZED (
  SELECT
    p.place, p.order_number, p.action,
    CASE WHEN p.action = 'update' THEN (
      SELECT json_build_object(
        'created_at', ${instantText('o.created_at')},
        'total_amount', o.total_amount::text, 'status', o.status,
        'updated_at', ${instantText('o.updated_at')},
        'items', (
          SELECT coalesce(json_agg(line), '[]')
          FROM (
            SELECT ${asText(ITEM_COLUMNS)}
            FROM order_items WHERE order_id = o.id ORDER BY line_no
          ) AS line
        )
      )
      FROM orders AS o WHERE o.id = p.id
    ) END AS stored
  FROM planned AS p
  WHERE p.action <> 'keep' AND p.place > ${after} AND NOT EXISTS (SELECT FROM "foreign")
),
sized AS (
  SELECT
    place, order_number, action,
    CASE WHEN length(stored::text) <= ${MAX_ANSWER_BYTES / 2} THEN stored END AS stored
  FROM listed
),
page AS MATERIALIZED (
  SELECT *, sum(300 + coalesce(octet_length(stored::text), 0)) OVER (ORDER BY place) AS bytes
  FROM sized
)
SELECT
  (
    SELECT coalesce(json_agg(json_build_object(
      'order_number', order_number, 'action', action, 'stored', stored
    )), '[]')::text
    FROM page WHERE bytes <= ${MAX_ANSWER_BYTES}
  ) AS orders,
  (
    SELECT coalesce(json_agg(json_build_object(
      'date', day, 'status', status, 'orders_count', orders_count,
      'total_revenue', total_revenue::text
    )), '[]')::text
    FROM (
      ${differencesOf({ rows: sql`changes`, are: sql`true`, were: sql`action = 'update'` })}
    ) AS d
    WHERE ${after} = 0
  ) AS days,
  (
    SELECT max(place) FILTER (WHERE bytes <= ${MAX_ANSWER_BYTES}) FROM page
    HAVING max(bytes) > ${MAX_ANSWER_BYTES}
  ) AS next,
  (
    SELECT coalesce(json_agg(order_number), '[]')::text
    FROM (SELECT order_number FROM "foreign" LIMIT 100) AS first_ones
  ) AS foreign_order_numbers,
  (SELECT count(*) FROM "foreign")::integer AS foreign_count`;
}

/** Several batches' days as one, by day and status; what comes to nothing is left out. */
function summed(days: readonly PreviewedDay[]): PreviewedDay[] {
  const sums = new Map<string, { date: string; status: string; count: number; cents: bigint }>();
  for (const { date, status, orders_count, total_revenue } of days) {
    const key = JSON.stringify([date, status]);
    const sum = sums.get(key) ?? { date, status, count: 0, cents: 0n };
    sums.set(key, sum);
    sum.count += orders_count;
    sum.cents += BigInt(total_revenue.replace('.', ''));
  }
  return [...sums.values()]
    .filter(({ count, cents }) => count !== 0 || cents !== 0n)
    .sort((a, b) => compare(a.date, b.date) || compare(a.status, b.status))
    .map(({ date, status, count, cents }) => ({
      date,
      status,
      orders_count: count,
      total_revenue: decimalOf(cents),
    }));
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);

function decimalOf(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
