import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { KeyState } from './key-check.ts';
import { END, KEY_PLACE, type KeyPlace } from './key-place.ts';
import { KEY_COLUMNS, type SellerKey } from './seller-keys.ts';

export interface KeysPage {
  /** The place after which to begin. @default with the first */
  readonly after?: KeyPlace | undefined;
  readonly limit: number;
  /** What is read of `seller_keys AS k` and `users AS u`. @default a `SellerKey` */
  readonly columns?: RawBuilder<unknown>;
}

/** A row of a list, beside what it tells of the key. */
export interface ListedKey {
  /** For `parseKeyPlace`. */
  place: string;
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
): Promise<(Row & ListedKey)[] | undefined> {
  const { rows } = await listKeysStatement<Row & ListedKey>(user, page).execute(db);
  return rows.length === 0
    ? undefined
    : rows.filter((row): row is Row & ListedKey => row.id !== null);
}

export function listKeysStatement<Row>(
  user: string,
  { after, limit, columns = KEY_COLUMNS }: KeysPage,
): RawBuilder<{ [Field in keyof Row]: Row[Field] | null }> {
  const made = instant(after?.createdAt);
  const later =
    after === undefined
      ? sql`true`
      : sql`(created_at < ${made} OR created_at = ${made} AND id > ${after.id})`;
  return sql`
    SELECT ${columns}, ${KEY_PLACE} AS place FROM users AS u
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
): Promise<(Row & ListedKey)[]> {
  return (await listAllKeysStatement<Row>(page).execute(db)).rows;
}

/** An index has the keys by their end. */
export function listAllKeysStatement<Row>({
  after,
  limit,
  state,
  columns = KEY_COLUMNS,
}: AllKeysPage): RawBuilder<Row & ListedKey> {
  const end = instant(after?.end);
  const made = instant(after?.createdAt);
  const id = after?.id ?? '';
  const part = (place: number, condition: RawBuilder<unknown>, order: RawBuilder<unknown>) => sql`(
      SELECT ${STORED}, ${sql.lit(place)} AS part, row_number() OVER (ORDER BY ${order}) AS nth
      FROM seller_keys WHERE ${condition} ORDER BY ${order} LIMIT ${sql.lit(limit)}
    )`;
  // Those that end in the same moment as the one before the page: most never end.
  const open = [
    part(
      1,
      sql`${END} = ${end} AND ${END} > now()
        AND (created_at < ${made} OR created_at = ${made} AND id > ${id})`,
      OPEN_ORDER,
    ),
    part(2, sql`${END} > greatest(now(), ${end})`, OPEN_ORDER),
  ];
  const isAfterEnded = after?.isOpen === false;
  const isEnded = sql`${END} <= now() AND ${isState(state)}`;
  const ended = isAfterEnded
    ? [
        part(
          3,
          sql`${END} = ${end} AND ${isEnded}
            AND (created_at > ${made} OR created_at = ${made} AND id < ${id})`,
          ENDED_ORDER,
        ),
        part(4, sql`${END} < ${end} AND ${isEnded}`, ENDED_ORDER),
      ]
    : [part(4, isEnded, ENDED_ORDER)]; // one that was open on the page before may come again
  const wanted = [
    ...(state === 'active' || (state === undefined && !isAfterEnded) ? open : []),
    ...(state === 'active' ? [] : ended),
  ];
  return sql`
    SELECT ${columns}, ${KEY_PLACE} AS place
    FROM (${sql.join(wanted, sql` UNION ALL `)}) AS k JOIN users AS u ON u.id = k.user_id
    ORDER BY k.part, k.nth LIMIT ${sql.lit(limit)}`;
}

const OPEN_ORDER = sql`${END}, created_at DESC, id`;
const ENDED_ORDER = sql`${END} DESC, created_at, id DESC`;

/** All but the hash, which not everybody may read. */
const STORED = sql.raw(
  'id, user_id, label, scopes, created_at, last_used_at, expires_at, revoked_at, replaced_by',
);

/** Of a place, in UTC; nothing where there is none. */
const instant = (text: string | undefined) => sql`(${text ?? null}::timestamp AT TIME ZONE 'UTC')`;

/** Of keys that open nothing. */
function isState(state: KeyState | undefined): RawBuilder<unknown> {
  if (state === 'revoked') return sql`revoked_at IS NOT NULL`;
  return state === 'expired' ? sql`revoked_at IS NULL` : sql`true`;
}
