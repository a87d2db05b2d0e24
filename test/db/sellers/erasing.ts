import type pg from 'pg';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import {
  type ErasedCounts,
  type EraseOptions,
  type Erasure,
  eraseSeller,
  noneErased,
} from '../../../db/sellers/erase.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import type { TestDatabase } from '../../helpers/database.ts';

/** A seller with the ids of the orders that there were when it was looked at. */
export interface Owner {
  readonly id: number;
  readonly orderIds: readonly number[];
}

export async function ownerOf(client: pg.Client, id: number): Promise<Owner> {
  const { rows } = await client.query('SELECT id FROM orders WHERE user_id = $1', [id]);
  return { id, orderIds: rows.map((row) => row.id) };
}

/**
 * All that there is of a seller, by table: each row with the transaction that wrote it and its
 * place. A table that says whose its rows are, or of which order, is looked at by itself.
 */
export async function allOf(
  client: pg.Client,
  { id, orderIds }: Owner,
): Promise<Record<string, string[]>> {
  const { rows: tables } = await client.query<{ name: string; has_seller: boolean }>(
    `SELECT table_name::text AS name, bool_or(column_name = 'user_id') AS has_seller
     FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name IN ('user_id', 'order_id')
     GROUP BY table_name ORDER BY 1`,
  );
  const found: Record<string, string[]> = {};
  const read = async (name: string, condition: string, value: unknown) => {
    const { rows } = await client.query<{ row: string }>(
      `SELECT concat_ws(' ', t.xmin, t.ctid, t) AS row FROM ${name} AS t
       WHERE ${condition} ORDER BY t.ctid`,
      [value],
    );
    found[name] = rows.map(({ row }) => row);
  };
  await read('users', 'id = $1', id);
  for (const { name, has_seller } of tables) {
    if (has_seller) await read(name, 'user_id = $1', id);
    else await read(name, 'order_id = ANY ($1)', orderIds);
  }
  return found;
}

export async function idOf(client: pg.Client, user: string): Promise<number> {
  const { rows } = await client.query('SELECT id FROM users WHERE username = $1', [user]);
  return Number(rows[0].id);
}

/** Gives a seller a key that came to its end so long ago, or one that opens doors. */
export async function addKey(client: pg.Client, user: string, revokedAt: string): Promise<void> {
  await client.query(
    `INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, revoked_at)
     SELECT left(gen_random_uuid()::text, 8), id, 'erp', 'orders:write', sha256(''), ${revokedAt}
     FROM users WHERE username = $1`,
    [user],
  );
}

export const LONG_AGO = `now() - interval '2 minutes'`;

/** Erases as the function does, with its rights. */
export async function erase(
  test: TestDatabase,
  sellerId: number,
  options: Partial<EraseOptions> = {},
): Promise<Erasure & ErasedCounts> {
  const counts = noneErased();
  const erasure = await eraseSeller(test.connectAs('sellers'), sellerId, {
    by: SOMEBODY,
    counts,
    writing: (work) => work(writeLimit()),
    hasTime: () => true,
    comesWithinS: 89,
    ...options,
  });
  return { ...erasure, ...counts };
}
