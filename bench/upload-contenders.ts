import { pipeline } from 'node:stream/promises';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../db/schema.ts';
import { batchValues } from '../db/uploads/batch-parameters.ts';
import { uploadBatches } from '../db/uploads/batches.ts';
import { NO_REQUEST } from '../db/uploads/receipt.ts';
import { storeBatch } from '../db/uploads/store-batch.ts';
import { parseBody } from '../fixtures/upload-body.ts';
import { parseUpload } from '../functions/upload/input.ts';
import type { SentOrder } from './orders.ts';

/** One way to store an upload. What it does to prepare is not timed. */
export interface Contender {
  /** A function that stores the orders once and says how many it created and updated. */
  prepare(user: string, orders: readonly SentOrder[]): Promise<() => Promise<Stored>>;
  close(): Promise<void>;
}

export interface Stored {
  created: number;
  updated: number;
}

/** The headers with which a seller is let in. */
export type KeyHeaders = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The whole service over HTTP. */
export function overHttp(api: string, keys: KeyHeaders): Contender {
  return {
    async prepare(user, orders) {
      const body = JSON.stringify({ user, orders });
      return async () => {
        const response = await fetch(`${api}/api/orders/upload`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...keys[user] },
          body,
        });
        const answer = (await response.json()) as Record<string, number>;
        if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
        return { created: answer.orders_created ?? 0, updated: answer.orders_updated ?? 0 };
      };
    },
    close: async () => {},
  };
}

const OPTIONS = {
  locksUnchanged: false,
  writeBy: Number.MAX_SAFE_INTEGER,
  request: NO_REQUEST,
  size: { ordersCount: 0, itemsCount: 0 },
};

function openPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('error', () => {}); // a connection that is closing may see the server stop
  return pool;
}

/** The upload's own statement straight over `pg`: PostgreSQL without our layers. */
export function overPg(url: string, connections: number): Contender {
  const pool = openPool(url, connections);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return {
    async prepare(user, orders) {
      const json = JSON.stringify({ user, orders });
      const batches = uploadBatches(parseUpload(await parseBody(json)).orders);
      const store = async (connection: Kysely<Database>) => {
        const stored = { created: 0, updated: 0 };
        for (const batch of batches) {
          const { rows } = await storeBatch.execute(connection, batchValues(user, batch, OPTIONS));
          stored.created += rows[0]?.orders_created ?? 0;
          stored.updated += rows[0]?.orders_updated ?? 0;
        }
        return stored;
      };
      return () => (batches.length === 1 ? store(db) : db.transaction().execute(store));
    },
    close: () => db.destroy(),
  };
}

/** The same rows by `COPY` into the same tables, without the roll-up: the limit for new orders. */
export async function byCopy(
  url: string,
  connections: number,
  users: readonly string[],
): Promise<Contender> {
  const pool = openPool(url, connections);
  const { rows } = await pool.query<{ id: string; username: string }>(
    'INSERT INTO users (username) SELECT unnest($1::text[]) RETURNING id, username',
    [users],
  );
  const userIds = new Map(rows.map(({ id, username }) => [username, id]));
  const digest = `\\\\x${'00'.repeat(32)}`;
  let orderId = -1; // below what the identity column gives
  return {
    async prepare(user, orders) {
      const userId = userIds.get(user);
      const orderLines: string[] = [];
      const itemLines: string[] = [];
      for (const o of orders) {
        const id = orderId--;
        const fields = [id, userId, `c${o.order_number}`, o.created_at, o.total_amount, o.status];
        orderLines.push([...fields, digest].join('\t'));
        o.items.forEach((i, n) => {
          itemLines.push([id, n + 1, i.sku, i.name, i.quantity, i.price].join('\t'));
        });
      }
      return async () => {
        const client = await pool.connect();
        await client.query('BEGIN');
        await copy(client, ORDER_COLUMNS, orderLines);
        await copy(client, ITEM_COLUMNS, itemLines);
        await client.query('COMMIT');
        client.release();
        return { created: orders.length, updated: 0 };
      };
    },
    close: () => pool.end(),
  };
}

const ORDER_COLUMNS =
  'orders (id, user_id, order_number, created_at, total_amount, status, items_digest)';
const ITEM_COLUMNS = 'order_items (order_id, line_no, sku, name, quantity, price)';

async function copy(client: pg.PoolClient, target: string, lines: readonly string[]) {
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN`));
  await pipeline([Buffer.from(`${lines.join('\n')}\n`)], stream);
}
