import { type Kysely, type RawBuilder, sql } from 'kysely';
import { auditLines, type Doer } from '../audit/audit-lines.ts';
import { inTime, type WriteLimit, writeLimit } from '../data-api/write-limit.ts';
import type { Database } from '../schema.ts';

/** What people should know of a seller. */
export interface SellerNote {
  seller: string;
  /** Empty where nothing is noted. */
  note: string;
  /** By which it is known whether anybody has changed the note since, be it back to what it was. */
  fingerprint: string;
}

/**
 * Of `seller_settings AS s`, which may have no row yet: every change of a row changes its xmin. The
 * seller is a part of it, since a name may be another's by now.
 */
const fingerprint = (sellerId: RawBuilder<unknown>) =>
  sql`md5(concat(${sellerId}, ' ', s.note, ' ', s.xmin))`;

/** @returns `undefined` when there is no such seller */
export async function findNote(
  db: Kysely<Database>,
  username: string,
): Promise<SellerNote | undefined> {
  const { rows } = await sql<SellerNote>`
    SELECT u.username AS seller, coalesce(s.note, '') AS note, ${fingerprint(sql`u.id`)} AS fingerprint
    FROM users AS u LEFT JOIN seller_settings AS s ON s.user_id = u.id
    WHERE u.username = ${username}`.execute(db);
  return rows[0];
}

/**
 * Notes something of a seller, unless anybody has meanwhile. Doing it again changes nothing.
 *
 * @param seen the `fingerprint` of the note in whose place it comes
 * @returns whether this try has changed it
 */
export async function changeNote(
  db: Kysely<Database>,
  username: string,
  { note, seen }: { readonly note: string; readonly seen: string },
  by: Doer,
  limit: WriteLimit = writeLimit(),
): Promise<boolean> {
  const { rows } = await sql`
    WITH seller AS (
      SELECT u.id FROM users AS u LEFT JOIN seller_settings AS s ON s.user_id = u.id
      WHERE u.username = ${username} AND ${fingerprint(sql`u.id`)} = ${seen}
        AND coalesce(s.note, '') <> ${note} AND ${inTime(limit)}
    ), stored AS (
      INSERT INTO seller_settings AS s (user_id, note) SELECT id, ${note} FROM seller
      ON CONFLICT (user_id) DO UPDATE SET note = excluded.note
        WHERE ${fingerprint(sql`s.user_id`)} = ${seen}
      RETURNING s.user_id, coalesce(old.note, '') AS old_note, new.note AS new_note
    ), line AS (
      ${auditLines(by, 'seller.note', sql`stored`, {
        sellerId: sql`user_id`,
        before: sql`jsonb_build_object('note', old_note)`,
        after: sql`jsonb_build_object('note', new_note)`,
      })}
    )
    SELECT user_id FROM stored`.execute(db);
  return rows.length === 1;
}
