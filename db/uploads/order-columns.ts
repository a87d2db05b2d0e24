import type { OrderItemTable, OrderTable } from '../schema.ts';
import { type ArrayColumn, type ArrayColumns, plainColumn, textColumn } from './array-literals.ts';

/** A checked order, ready to be stored. */
export interface UploadedOrder {
  readonly order_number: string;
  /** UTC, as `2025-11-12T10:00:00.000000Z` */
  readonly created_at: string;
  /** Decimal text with 2 places, as are the prices. */
  readonly total_amount: string;
  readonly status: string;
  /** UTC, as `created_at`: when the seller's system last changed it. @default not known */
  readonly updated_at?: string | undefined;
  readonly items: readonly UploadedItem[];
}

export interface UploadedItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
}

type ColumnsOfTable<Table> = { readonly [Name in keyof Table]: ArrayColumn };

/** All that an upload may change of a stored order. */
export const ORDER_COLUMNS = {
  created_at: plainColumn('timestamptz'),
  total_amount: plainColumn('numeric(12, 2)'),
  status: textColumn,
  /** SHA-256 in base64 */
  items_digest: { ...plainColumn('text'), decoded: (column) => `decode(${column}, 'base64')` },
} satisfies ColumnsOfTable<
  Omit<
    OrderTable,
    | 'id'
    | 'user_id'
    | 'order_number'
    | 'updated_at'
    | 'first_uploaded_at'
    | 'last_changed_at'
    | 'version'
    | 'created_xid'
    | 'changed_xid'
  >
>;

/**
 * All that an upload may change of a stored item. The orders' digests are made of it: a migration
 * that adds one has to make them anew, or every order that is stored counts as damaged.
 */
export const ITEM_COLUMNS = {
  sku: textColumn,
  name: textColumn,
  quantity: plainColumn('integer'),
  price: plainColumn('numeric(10, 2)'),
} satisfies ColumnsOfTable<Omit<OrderItemTable, 'order_id' | 'line_no'>>;

/** What an order's digest is made of. */
export const LINE_COLUMNS = { line_no: plainColumn('integer'), ...ITEM_COLUMNS };

/** What travels of an order. */
export const SENT_ORDER_COLUMNS = {
  order_number: textColumn,
  ...ORDER_COLUMNS,
  updated_at: plainColumn('timestamptz'),
  items_count: plainColumn('integer'),
} satisfies ArrayColumns;

/** What travels of an item; `place` is its order's in the batch, from 1 on. */
export const SENT_ITEM_COLUMNS = {
  place: plainColumn('integer'),
  ...LINE_COLUMNS,
} satisfies ArrayColumns;

/** Names of columns, as a type knows them. */
export function namesOf<Columns extends ArrayColumns>(columns: Columns) {
  return Object.keys(columns) as (keyof Columns & string)[];
}
