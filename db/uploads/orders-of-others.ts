import { type Kysely, sql } from 'kysely';
import { onlyRow } from '../only-row.ts';
import type { Database } from '../schema.ts';
import type { UploadBatch } from './batches.ts';
import { OrderOwnedByAnotherSellerError } from './upload-outcome.ts';

/** Orders of an upload that another seller has. */
export interface OrdersOfOthers {
  /** The first 100 of them. */
  readonly numbers: readonly string[];
  readonly count: number;
}

/** How many of them are named. */
const MAX_NAMED = 100;

/**
 * What an upload is refused for as a whole.
 *
 * @param taken of the batch at which it ended
 * @param others the batches after it, which nothing was done with
 */
export async function ownedByAnother(
  db: Kysely<Database>,
  user: string,
  taken: OrdersOfOthers,
  others: readonly UploadBatch[],
): Promise<OrderOwnedByAnotherSellerError> {
  const numbers = [...taken.numbers];
  let { count } = taken;
  for (const { orders } of others) {
    const more = onlyRow(
      await sql<{ numbers: string; count: number }>`
        SELECT
          coalesce(json_agg(order_number ORDER BY nth) FILTER (WHERE nth <= ${sql.lit(MAX_NAMED)}), '[]')::text
            AS numbers,
          count(*)::integer AS count
        FROM (
          SELECT o.order_number, row_number() OVER (ORDER BY sent.place) AS nth
          FROM unnest(${orders.order_number}::text[]) WITH ORDINALITY AS sent (order_number, place)
          CROSS JOIN LATERAL (
            SELECT order_number, user_id FROM orders
            WHERE order_number = sent.order_number OFFSET 0
          ) AS o
          WHERE o.user_id IS DISTINCT FROM (SELECT id FROM users WHERE username = ${user})
        ) AS found`.execute(db),
    );
    numbers.push(...(JSON.parse(more.numbers) as string[]));
    count += more.count;
  }
  return new OrderOwnedByAnotherSellerError(numbers.slice(0, MAX_NAMED), count);
}
