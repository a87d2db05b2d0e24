import { type RawBuilder, sql } from 'kysely';

/** Who does something, as the audit log has it. */
export interface Doer {
  /** The ARN, as API Gateway has verified it. */
  readonly actor: string;
  /** API Gateway's, by which the logs know the request. */
  readonly requestId: string;
}

/** What people do. */
export const AUDIT_ACTIONS = [
  'seller.create',
  'seller.erase_begin',
  'seller.erase',
  'seller.note',
  'key.create',
  'key.rotate',
  'key.revoke',
  'order.delete',
  'upload.undo',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/**
 * What a line says, as expressions over the rows of a table. Neither items, secrets nor texts that
 * a person has typed and might have pasted a secret into: `before` and `after` are JSON of figures,
 * states and instants, and of a seller's note alone its text.
 */
interface AuditedRow {
  readonly sellerId: RawBuilder<unknown>;
  readonly target?: RawBuilder<unknown>;
  readonly before?: RawBuilder<unknown>;
  readonly after?: RawBuilder<unknown>;
}

/**
 * Adds a line to the audit log for each row of a table: a part of the statement that does what the
 * line says, so that neither is without the other.
 *
 * @param rows the table of what was done
 */
export function auditLines(
  { actor, requestId }: Doer,
  action: AuditAction,
  rows: RawBuilder<unknown>,
  { sellerId, target = sql`NULL`, before = sql`NULL`, after = sql`NULL` }: AuditedRow,
): RawBuilder<unknown> {
  return sql`
  INSERT INTO audit_log (actor, action, seller_id, target, before, after, request_id)
  SELECT
    ${actor}::varchar, ${sql.lit(action)}, ${sellerId}, ${target}::varchar, ${before}::jsonb,
    ${after}::jsonb, ${requestId}::varchar
  FROM ${rows}`;
}

/** An instant as JSON has it: `2025-11-12T10:00:00Z`; `null` where there is none. */
export function jsonInstant(instant: RawBuilder<unknown>): RawBuilder<string | null> {
  return sql`to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
}
