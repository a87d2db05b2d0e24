import { type Kysely, type RawBuilder, sql } from 'kysely';
import { selectList } from '../admin/select-list.ts';
import { sellerIdNamed } from '../admin/sellers-found.ts';
import type { Database } from '../schema.ts';
import type { AuditAction } from './audit-lines.ts';

/** A line of the audit log as people read it. */
export interface ListedLine {
  id: string;
  /** UTC, as `2025-11-12 10:00:05` */
  at: string;
  actor: string;
  action: AuditAction;
  seller_id: number;
  /** The username; `null` where the seller is erased since. */
  seller: string | null;
  target: string | null;
  before: Readonly<Record<string, unknown>> | null;
  after: Readonly<Record<string, unknown>> | null;
  request_id: string;
}

export interface LinesQuery {
  /** Exactly as IAM knows the person. */
  readonly actor?: string | undefined;
  readonly action?: AuditAction | undefined;
  /** Exactly as the seller is called. */
  readonly seller?: string | undefined;
  /** By which lines know a seller, also one who is erased since. */
  readonly sellerId?: number | undefined;
  /** Exactly: a key's id, an order's number, an upload's id. */
  readonly target?: string | undefined;
  /** The id of the line before which to begin. @default with the latest */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The latest first. */
export async function listLines(db: Kysely<Database>, query: LinesQuery): Promise<ListedLine[]> {
  const { rows } = await listLinesStatement(query).execute(db);
  return rows.map((row) => ({
    ...row,
    before: row.before && JSON.parse(row.before),
    after: row.after && JSON.parse(row.after),
  }));
}

type LineRow = Omit<ListedLine, 'before' | 'after'> & {
  before: string | null;
  after: string | null;
};

/** Ids of lines are in the order of time; an index has them by each of what they are found by. */
export function listLinesStatement(query: LinesQuery): RawBuilder<LineRow> {
  const { actor, action, seller, sellerId, target, before, limit } = query;
  const conditions = [
    target !== undefined && { by: sql`l.target`, is: sql`l.target = ${target}` },
    sellerId !== undefined && ofSeller(sql`${sellerId}::bigint`),
    seller !== undefined && ofSeller(sql`(${sellerIdNamed(seller)})`),
    actor !== undefined && { by: sql`l.actor`, is: sql`l.actor = ${actor}` },
    action !== undefined && { by: sql`l.action`, is: sql`l.action = ${action}` },
  ].filter((condition) => condition !== false);
  const [first] = conditions;
  return sql`
    SELECT ${COLUMNS}
    FROM audit_log AS l LEFT JOIN users AS u ON u.id = l.seller_id
    WHERE ${sql.join([sql`true`, ...conditions.map(({ is }) => is)], sql` AND `)}
      AND ${before === undefined ? sql`true` : sql`l.id < ${before}::uuid`}
    ORDER BY ${first ? sql`${first.by} DESC,` : sql``} l.id DESC
    LIMIT ${sql.lit(limit)}`;
}

const ofSeller = (id: RawBuilder<unknown>) => ({
  by: sql`l.seller_id`,
  is: sql`l.seller_id = ${id}`,
});

const COLUMNS = selectList<LineRow>({
  id: sql`l.id`,
  at: sql`to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`,
  actor: sql`l.actor`,
  action: sql`l.action`,
  seller_id: sql`l.seller_id`,
  seller: sql`u.username`,
  target: sql`l.target`,
  before: sql`l.before::text`,
  after: sql`l.after::text`,
  request_id: sql`l.request_id`,
});
