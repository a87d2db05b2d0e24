import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { KeyState } from './key-check.ts';
import { KEY_COLUMNS, type SellerKey } from './seller-keys.ts';

export interface KeysPage {
  /** The id of the key after which to begin. @default with the first */
  readonly after?: string | undefined;
  readonly limit: number;
  /** What is read of `seller_keys AS k` and `users AS u`. @default a `SellerKey` */
  readonly columns?: RawBuilder<unknown>;
}

/** How many keys an answer has. */
export const KEYS_A_PAGE = 100;

/**
 * A seller's keys, newest first, those that open nothing any more included; `undefined` without
 * such a seller.
 */
export async function listKeys<Row extends SellerKey = SellerKey>(
  db: Kysely<Database>,
  user: string,
  page: KeysPage = { limit: KEYS_A_PAGE },
): Promise<Row[] | undefined> {
  const { rows } = await listKeysStatement<Row>(user, page).execute(db);
  return rows.length === 0 ? undefined : rows.filter((row): row is Row => row.id !== null);
}

export function listKeysStatement<Row>(
  user: string,
  { after, limit, columns = KEY_COLUMNS }: KeysPage,
): RawBuilder<{ [Field in keyof Row]: Row[Field] | null }> {
  const later =
    after === undefined
      ? sql`true`
      : sql`(created_at < (${of(after, 'created_at')})
        OR created_at = (${of(after, 'created_at')}) AND id > ${after})`;
  return sql`
    SELECT ${columns} FROM users AS u
    LEFT JOIN LATERAL (
      SELECT ${STORED} FROM seller_keys WHERE user_id = u.id AND ${later}
      ORDER BY created_at DESC, id LIMIT ${sql.lit(limit)}
    ) AS k ON true
    WHERE u.username = ${user} ORDER BY k.created_at DESC, k.id`;
}

export interface AllKeysPage extends KeysPage {
  /** @default all */
  readonly state?: KeyState | undefined;
}

/**
 * The keys of all sellers: first those that open something, the one that ends first before the
 * others, then those that do not, the one that ended last before the others.
 */
export async function listAllKeys<Row extends SellerKey = SellerKey>(
  db: Kysely<Database>,
  page: AllKeysPage,
): Promise<Row[]> {
  return (await listAllKeysStatement<Row>(page).execute(db)).rows;
}

/**
 * An index has the keys by their end. Of the key after which to begin, the place is looked up as it
 * is by now.
 */
export function listAllKeysStatement<Row>({
  after,
  limit,
  state,
  columns = KEY_COLUMNS,
}: AllKeysPage): RawBuilder<Row> {
  const end = after === undefined ? sql`NULL::timestamptz` : of(after, 'end');
  const made = after === undefined ? sql`NULL::timestamptz` : of(after, 'created_at');
  const id = after ?? '';
  const part = (place: number, condition: RawBuilder<unknown>, order: RawBuilder<unknown>) => sql`(
      SELECT ${STORED}, ${sql.lit(place)} AS place, row_number() OVER (ORDER BY ${order}) AS nth
      FROM seller_keys WHERE ${condition} ORDER BY ${order} LIMIT ${sql.lit(limit)}
    )`;
  // Those that end in the same moment as the one before the page: most never end.
  const parts = [
    part(
      1,
      sql`${END} = (${end}) AND ${END} > now()
        AND (created_at < (${made}) OR created_at = (${made}) AND id > ${id})`,
      OPEN_ORDER,
    ),
    part(
      2,
      sql`${END} > greatest(now(), (${end})) AND coalesce((${end}) > now(), true)`,
      OPEN_ORDER,
    ),
    part(
      3,
      sql`${END} = (${end}) AND ${END} <= now()
        AND (created_at > (${made}) OR created_at = (${made}) AND id < ${id}) AND ${isState(state)}`,
      ENDED_ORDER,
    ),
    part(
      4,
      sql`${END} <= now() AND ${END} < coalesce(nullif((${end}), greatest((${end}), now())), 'infinity')
        AND ${isState(state)}`,
      ENDED_ORDER,
    ),
  ];
  const wanted =
    state === undefined ? parts : state === 'active' ? parts.slice(0, 2) : parts.slice(2);
  return sql`
    SELECT ${columns}
    FROM (${sql.join(wanted, sql` UNION ALL `)}) AS k JOIN users AS u ON u.id = k.user_id
    ORDER BY k.place, k.nth LIMIT ${sql.lit(limit)}`;
}

/** Of a key of `seller_keys`: when it ended or is to end. */
const END = sql`coalesce(least(revoked_at, expires_at), 'infinity')`;
const OPEN_ORDER = sql`${END}, created_at DESC, id`;
const ENDED_ORDER = sql`${END} DESC, created_at, id DESC`;

/** All but the hash, which not everybody may read. */
const STORED = sql.raw(
  'id, user_id, label, scopes, created_at, last_used_at, expires_at, revoked_at, replaced_by',
);

const of = (id: string, what: 'created_at' | 'end') =>
  sql`SELECT ${what === 'end' ? END : sql`created_at`} FROM seller_keys WHERE id = ${id}`;

/** Of keys that open nothing. */
function isState(state: KeyState | undefined): RawBuilder<unknown> {
  if (state === 'revoked') return sql`revoked_at IS NOT NULL`;
  return state === 'expired' ? sql`revoked_at IS NULL` : sql`true`;
}
