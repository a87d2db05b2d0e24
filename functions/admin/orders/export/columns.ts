import type { ListedItem } from '../../../../db/admin/items-list.ts';
import type { ListedOrder } from '../../../../db/admin/listed-order.ts';

/** What a column holds: by it each format knows how to write a value. */
export type ColumnKind = 'text' | 'whole' | 'money' | 'instant';

/** Columns by their names, in their order. */
export type Columns = Readonly<Record<string, ColumnKind>>;

/** A value of each column: decimal text for money, `2025-11-12 10:00:00` in UTC for an instant. */
export type ExportedRow = Readonly<Record<string, string | number>>;

const ORDER_COLUMNS = {
  order_number: 'text',
  seller: 'text',
  created_at: 'instant',
  status: 'text',
  items_count: 'whole',
  total_amount: 'money',
  last_changed_at: 'instant',
} as const satisfies { readonly [Name in keyof ListedOrder]: ColumnKind };

const ITEM_COLUMNS = {
  order_number: 'text',
  seller: 'text',
  created_at: 'instant',
  status: 'text',
  line_no: 'whole',
  sku: 'text',
  name: 'text',
  quantity: 'whole',
  price: 'money',
  line_amount: 'money',
} as const satisfies { readonly [Name in keyof ExportedItem]: ColumnKind };

/** A row an item, with the order that it is of. */
export type ExportedItem = Pick<ListedOrder, 'order_number' | 'seller' | 'created_at' | 'status'> &
  Pick<ListedItem, 'line_no' | 'sku' | 'name' | 'quantity' | 'price' | 'line_amount'>;

/** Of what an export has a row each. */
export const EXPORTED = { orders: ORDER_COLUMNS, items: ITEM_COLUMNS } as const;

export type ExportedName = keyof typeof EXPORTED;
