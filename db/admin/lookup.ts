import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { OrderFilter } from './order-filter.ts';
import {
  type FoundIds,
  ordersWithItems,
  ordersWithNumber,
  ordersWithPart,
  type PartlyFound,
  type Search,
} from './search.ts';
import { SELLERS_LOOKED_AT, sellerNamed, sellersFound } from './sellers-found.ts';
import { type FoundStatuses, statusesNamed } from './statuses.ts';

/**
 * What a filter's texts mean in this database: by it the list's statement takes the shortest way.
 */
export interface Lookup {
  /** The seller that the filter names; `null` when there is no such seller. */
  readonly seller: { readonly id: number; readonly username: string } | null | undefined;
  /** The filter's statuses as orders have them; none where it names none. */
  readonly statuses: readonly string[];
  /** Whether few orders have one of them. */
  readonly statusIsRare: boolean;
  /** What the database makes of `q`; empty without it. */
  readonly search: Search;
  /** Sellers who have orders and whose name begins with `q`, or has its words. */
  readonly sellersOfQ: readonly number[];
  /** Whether there are more of them, whose orders were not looked at. */
  readonly hasMoreSellers: boolean;
  /**
   * Orders whose number begins with `q` or has its words, those of which some other part of the
   * number is `q`, and those with items whose words begin as those of `q`.
   */
  readonly ordersByNumber: FoundIds;
  readonly ordersByPart: PartlyFound;
  readonly ordersByWords: PartlyFound;
  /** The key that has `q` for its id, or that was typed. */
  readonly key: FoundKey | null;
}

export interface FoundKey {
  readonly id: string;
  /** The username. */
  readonly seller: string;
  readonly isRevoked: boolean;
}

/** Asks for nothing where nothing is to be known; otherwise one call. */
export async function lookUp(db: Kysely<Database>, filter: OrderFilter): Promise<Lookup> {
  const { q, seller, statuses } = filter;
  if (!q && !seller && !statuses) return NOTHING;
  const row = await db
    .selectNoFrom([
      seller ? sellerNamed(seller).as('seller') : nothing.as('seller'),
      statuses ? statusesNamed(statuses).as('statuses') : nothing.as('statuses'),
      q ? sql<string>`search_line(${q})`.as('beginning') : nothing.as('beginning'),
      q ? sql<string>`search_phrases(${q})::text`.as('phrases') : nothing.as('phrases'),
      q ? sellersFound(q, seller).as('sellers_of_q') : nothing.as('sellers_of_q'),
      q ? ordersWithNumber(q, filter).as('by_number') : nothing.as('by_number'),
      q ? ordersWithPart(q, filter).as('by_part') : nothing.as('by_part'),
      q ? ordersWithItems(q, filter).as('by_words') : nothing.as('by_words'),
      keyIdIn(q) ? keyWithId(keyIdIn(q)).as('key') : nothing.as('key'),
    ])
    .executeTakeFirstOrThrow();
  const sellers = JSON.parse(row.sellers_of_q ?? '[]') as number[];
  const named = JSON.parse(row.statuses ?? 'null') as FoundStatuses | null;
  return {
    seller: seller ? (JSON.parse(row.seller ?? 'null') as Lookup['seller']) : undefined,
    statuses: named?.statuses ?? [],
    statusIsRare: named?.isRare ?? false,
    search: { beginning: row.beginning ?? '', phrases: row.phrases ?? '{}' },
    sellersOfQ: sellers.slice(0, SELLERS_LOOKED_AT),
    hasMoreSellers: sellers.length > SELLERS_LOOKED_AT,
    ordersByNumber: row.by_number,
    ordersByPart: JSON.parse(row.by_part ?? NO_PART) as PartlyFound,
    ordersByWords: JSON.parse(row.by_words ?? NO_PART) as PartlyFound,
    key: JSON.parse(row.key ?? 'null') as FoundKey | null,
  };
}

/** How many orders a search finds, whatever the other filters are. */
export function ordersAnywhere({
  sellersOfQ,
  ordersByNumber,
  ordersByPart,
  ordersByWords,
}: Lookup): number | 'many' {
  const lists = [ordersByNumber, ordersByPart.ids, ordersByWords.ids];
  if (sellersOfQ.length > 0 || lists.includes('many')) return 'many';
  return new Set(lists.flatMap((ids) => ids?.split(',') ?? [])).size;
}

/** Whether not all was looked at that a search might find. */
export const isPart = ({ hasMoreSellers, ordersByPart, ordersByWords }: Lookup): boolean =>
  hasMoreSellers || ordersByPart.isPart || ordersByWords.isPart;

const NO_PART = '{"ids": null, "isPart": false}';

/** The id of a key, by itself or in a key; also of a key that is not all there. */
function keyIdIn(q = ''): string {
  const [, id = ''] = /^(?:oa_(?:live|test)_)?([a-z0-9]{12})(?:_[0-9a-f]*)?$/.exec(q) ?? [];
  return id;
}

function keyWithId(id: string): RawBuilder<string | null> {
  return sql`(
    SELECT json_build_object(
      'id', k.id, 'seller', u.username, 'isRevoked', k.revoked_at IS NOT NULL
    )::text
    FROM seller_keys AS k JOIN users AS u ON u.id = k.user_id WHERE k.id = ${id}
  )`;
}

const NOTHING: Lookup = {
  seller: undefined,
  statuses: [],
  statusIsRare: false,
  search: { beginning: '', phrases: '{}' },
  sellersOfQ: [],
  hasMoreSellers: false,
  ordersByNumber: null,
  ordersByPart: { ids: null, isPart: false },
  ordersByWords: { ids: null, isPart: false },
  key: null,
};
const nothing = sql<string | null>`NULL::text`;
