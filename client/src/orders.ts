import type { Amount } from './amounts.ts';

/** An order as it is sent. */
export interface NewOrder {
  /** Unique across the whole service: prefix yours. */
  readonly order_number: string;
  /** RFC 3339 with its offset, such as `2025-11-12T13:00:00+03:00`. */
  readonly created_at: string | Date;
  readonly total_amount: Amount;
  readonly status: string;
  /** When your system last changed it: an older state is never stored over a newer one. */
  readonly updated_at?: string | Date | null | undefined;
  readonly items: readonly NewItem[];
}

export interface NewItem {
  readonly sku: string;
  readonly name: string;
  /** A whole number. */
  readonly quantity: number | string;
  readonly price: Amount;
}

/** An order as it is stored. Amounts are decimal text, instants UTC with microseconds. */
export interface Order {
  readonly order_number: string;
  readonly created_at: string;
  readonly total_amount: string;
  readonly status: string;
  readonly updated_at: string | null;
  readonly items: readonly Item[];
  /** From 1, one more with each change. */
  readonly version: number;
  /** Of the receipt of what wrote it last; `null` where that is older than receipts. */
  readonly upload_id: string | null;
  readonly first_uploaded_at: string;
  readonly last_changed_at: string;
}

export interface Item {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
}

/** Which orders: those of UTC days of `created_at`, of statuses. @default all */
export interface OrderFilter {
  /** The first day that counts, as `2025-11-12`. */
  readonly from?: string | undefined;
  /** The first day that no longer counts. */
  readonly to?: string | undefined;
  readonly status?: string | readonly string[] | undefined;
}

export interface PageOptions {
  /** How many a page has at most, from 1 to 500. @default 100 */
  readonly limit?: number | undefined;
  /** The `next` of the page before. @default the first page */
  readonly after?: string | undefined;
}

export interface OrdersPage {
  readonly user: string;
  readonly orders: readonly Order[];
  /** `null` after the last page. */
  readonly next: string | null;
}

export interface FoundOrders {
  /** In the order asked for. */
  readonly orders: readonly Order[];
  readonly not_found: readonly string[];
}

/** What happened to an order, which is as it is now. */
export type Change =
  | {
      readonly order_number: string;
      readonly change: 'created' | 'updated';
      readonly upload_id: string | null;
      /** `null` where it is more than any answer can hold. */
      readonly order: Order | null;
    }
  | {
      readonly order_number: string;
      readonly change: 'deleted';
      readonly upload_id: string | null;
    };

export interface ChangesPage {
  readonly user: string;
  readonly changes: readonly Change[];
  /** To be kept together with what was applied. */
  readonly next: string;
}

/** A hash of each day's orders, as the API's document says how to make one. */
export interface Digest {
  readonly user: string;
  readonly from: string;
  readonly to: string;
  /** Days without orders are left out. */
  readonly days: readonly DayDigest[];
}

export interface DayDigest {
  readonly date: string;
  readonly orders_count: number;
  readonly total_revenue: string;
  readonly digest: string;
}
