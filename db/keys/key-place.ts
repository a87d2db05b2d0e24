import { type RawBuilder, sql } from 'kysely';
import { isDay } from '../days.ts';

/** Where a key stood in a list when that was read: it may end, or be gone, since. */
export interface KeyPlace {
  readonly isOpen: boolean;
  /** When it ended or was to end: `2025-11-12 10:00:00.000000` in UTC, or `infinity`. */
  readonly end: string;
  readonly createdAt: string;
  readonly id: string;
}

/** When a key of `seller_keys` ended or is to end. */
export const END = sql`coalesce(least(revoked_at, expires_at), 'infinity')`;

/** The place of a key of `seller_keys AS k` as text. */
export const KEY_PLACE = sql<string>`concat_ws('_',
  CASE WHEN ${END} > now() THEN 'open' ELSE 'ended' END,
  coalesce(${written(sql`nullif(${END}, 'infinity')`)}, 'infinity'),
  ${written(sql`k.created_at`)}, k.id)`;

function written(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;
}

/** @returns `undefined` for what is no place */
export function parseKeyPlace(text: string): KeyPlace | undefined {
  const [state, end = '', createdAt = '', id = '', ...others] = text.split('_');
  const isPlace =
    (state === 'open' || state === 'ended') &&
    (end === 'infinity' || isInstant(end)) &&
    isInstant(createdAt) &&
    /^[a-z0-9]{1,16}$/.test(id) &&
    others.length === 0;
  return isPlace ? { isOpen: state === 'open', end, createdAt, id } : undefined;
}

function isInstant(text: string): boolean {
  const isForm = /^\d{4}-\d\d-\d\d (?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{6}$/.test(text);
  return isForm && isDay(text.slice(0, 10));
}
