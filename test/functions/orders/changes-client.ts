import pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import type { GivenOrder } from '../../../db/orders/order-json.ts';
import { settled } from '../../helpers/settled.ts';
import { type Query, useOrders } from './client.ts';

export interface GivenChange {
  readonly order_number: string;
  readonly change: 'created' | 'updated' | 'deleted';
  readonly upload_id: string | null;
  readonly order?: GivenOrder;
}

export interface ChangesPage {
  readonly user: string;
  readonly changes: readonly GivenChange[];
  readonly next: string;
}

/** A reader of changes while a file's tests run, on a database of its own. */
export function useChanges() {
  const { collide, get, database, sql, upload } = useOrders();

  const ask = (query: Query) => get('/api/orders/changes', query);

  /** A page as it is now. */
  async function page(user: string, after?: string, limit = 500): Promise<ChangesPage> {
    const { statusCode, body = '' } = await ask({
      user,
      limit: String(limit),
      ...(after !== undefined && { after }),
    });
    expect([statusCode, body]).toEqual([200, body]);
    return JSON.parse(body);
  }

  return {
    ask,
    collide,
    get,
    page,
    sql,
    upload,
    database,

    /** A page in which everything is that was written before. */
    async settledPage(user: string, after?: string, limit?: number): Promise<ChangesPage> {
      await settled(database().pg);
      return page(user, after, limit);
    },

    remove: (orderNumber: string) => remove(database().pg, orderNumber),

    /** A connection of its own whose transaction has begun to write. */
    async openTransaction(databaseName?: string): Promise<pg.Client> {
      const url = new URL(database().url);
      if (databaseName) url.pathname = databaseName;
      const client = new pg.Client(url.href);
      await client.connect();
      onTestFinished(() => client.end());
      await client.query('BEGIN; SELECT pg_current_xact_id()');
      return client;
    },
  };
}

/** Deletes orders as the service does, in one statement. */
export async function remove(client: pg.Client, orderNumber: string): Promise<void> {
  await removeOrders(client, 'order_number = $1', orderNumber);
}

/** @param condition with `$1` for the value */
export async function removeOrders(
  client: Pick<pg.Client, 'query'>,
  condition: string,
  value: unknown,
): Promise<void> {
  const kept = `version, user_id, order_number, created_at, total_amount, status, updated_at,
    items_digest, first_uploaded_at, last_changed_at, created_xid, changed_xid`;
  await client.query(
    `WITH gone AS (DELETE FROM orders WHERE ${condition} RETURNING *)
     INSERT INTO order_versions (order_id, items, is_deletion, ${kept})
     SELECT id, '[]', true, ${kept} FROM gone`,
    [value],
  );
}
