import type { ChunkResult } from './send-chunk.ts';

/** What was done with orders. */
export interface Counts {
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_unchanged: number;
  readonly orders_stale: number;
  readonly rejected: number;
  /** What those come to that were taken. */
  readonly cents: bigint;
}

/** As people read it, such as `12,345`. */
export const shownCount = (count: number) => count.toLocaleString('en');

/** Such as `1 order` and `12,345 orders`. */
export const shownOrders = (count: number) =>
  `${shownCount(count)} ${count === 1 ? 'order' : 'orders'}`;

export const NO_COUNTS: Counts = {
  orders_created: 0,
  orders_updated: 0,
  orders_unchanged: 0,
  orders_stale: 0,
  rejected: 0,
  cents: 0n,
};

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    orders_created: one.orders_created + other.orders_created,
    orders_updated: one.orders_updated + other.orders_updated,
    orders_unchanged: one.orders_unchanged + other.orders_unchanged,
    orders_stale: one.orders_stale + other.orders_stale,
    rejected: one.rejected + other.rejected,
    cents: one.cents + other.cents,
  };
}

export function countsOf({ stored, refused, totalCents }: ChunkResult): Counts {
  const { orders_created, orders_updated, orders_unchanged, orders_stale } = stored;
  return {
    orders_created,
    orders_updated,
    orders_unchanged,
    orders_stale,
    rejected: refused.length,
    cents: totalCents,
  };
}

export const takenOrders = (counts: Counts): number =>
  counts.orders_created + counts.orders_updated + counts.orders_unchanged + counts.orders_stale;
