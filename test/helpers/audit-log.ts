import type { Client } from 'pg';
import type { Doer } from '../../db/audit/audit-lines.ts';

/** Who does what tests do. */
export const SOMEBODY: Doer = {
  actor: 'arn:aws:iam::000000000000:user/somebody',
  requestId: 'request',
};

/** The lines of a seller, the oldest first, without what tells one from all others. */
export async function linesOf(pg: Client, sellerId: number): Promise<Record<string, unknown>[]> {
  const { rows } = await pg.query(
    `SELECT actor, action, target, before, after FROM audit_log WHERE seller_id = $1 ORDER BY id`,
    [sellerId],
  );
  return rows;
}
