import { isDay } from '../days.ts';

/** Which orders the admin is to show: those for which everything said here holds. */
export interface OrderFilter {
  /**
   * The beginning of an order number or a seller's name, or words of an item's SKU and name; in any
   * case.
   */
  readonly q?: string | undefined;
  /** One of these, in any case; none for all. */
  readonly statuses?: readonly string[] | undefined;
  /** A seller's username. */
  readonly seller?: string | undefined;
  /** The first and the last UTC day, as `2025-11-12`; both belong to it. */
  readonly firstDay?: string | undefined;
  readonly lastDay?: string | undefined;
  /** The UTC day on which something of the order was last changed, or a day before that. */
  readonly changedSince?: string | undefined;
  /** Decimal text; both belong to it. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

/** By the instant they were created, by their total, or by the instant they were last changed. */
export type OrderSort = 'newest' | 'oldest' | 'highest' | 'lowest' | 'changed' | 'unchanged';

/** Where a page begins: right after or right before the order with this key, or with it. */
export interface PageStart {
  readonly side: 'after' | 'before' | 'from';
  /** What a listed order has as its `key`. */
  readonly key: string;
}

/**
 * Whether a text is an order's key under a sort: one that PostgreSQL would read without an error.
 */
export function isPageKey(text: string, sort: OrderSort): boolean {
  if (sortColumn(sort) === 'total_amount') return TOTAL_KEY.test(text);
  return INSTANT_KEY.test(text) && isDay(text.slice(0, 10));
}

/** The id of the order that has a key. */
export function orderIdOf(key: string): string {
  return key.slice(key.indexOf('_') + 1);
}

/**
 * Before which the last page ends: no order's key comes after it. Orders are of the years 1970 to
 * 9999, and their ids begin with 1.
 */
export const END_KEYS: Readonly<Record<OrderSort, string>> = {
  newest: '1970-01-01T00:00:00.000000Z_0',
  oldest: '9999-12-31T23:59:59.999999Z_999999999999999999',
  highest: '-9999999999.99_0',
  lowest: '9999999999.99_999999999999999999',
  changed: '1970-01-01T00:00:00.000000Z_0',
  unchanged: '9999-12-31T23:59:59.999999Z_999999999999999999',
};

const INSTANT_KEY = /^[\d-]{10}T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z_\d{1,18}$/;
const TOTAL_KEY = /^-?\d{1,10}\.\d\d_\d{1,18}$/;

/** What of an order a sort goes by. */
export function sortColumn(sort: OrderSort): 'created_at' | 'total_amount' | 'last_changed_at' {
  if (sort === 'highest' || sort === 'lowest') return 'total_amount';
  return sort === 'newest' || sort === 'oldest' ? 'created_at' : 'last_changed_at';
}

export function isDescending(sort: OrderSort): boolean {
  return sort === 'newest' || sort === 'highest' || sort === 'changed';
}
