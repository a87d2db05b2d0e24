import { ITEM_COLUMNS, namesOf, ORDER_COLUMNS } from '../uploads/order-columns.ts';

// What several roles have.

/** What a version is written with, by whoever replaces or deletes an order. */
export const VERSION_COLUMNS = [
  'order_id',
  'user_id',
  'order_number',
  ...namesOf(ORDER_COLUMNS),
  'updated_at',
  'items',
  'first_uploaded_at',
  'last_changed_at',
  'version',
  'created_xid',
  'changed_xid',
  'is_deletion',
] as const;

/** What the indexes for the search are made of: who writes the tables calls it. */
export const INDEXED = ['search_text_of_any(text)', 'search_text(text)', 'search_words(text)'];

/** What a statement calls that changes orders. */
export const WRITING = [
  'raise_serialization_failure(text)',
  'raise_rows_lost(text)',
  'write_before(bigint)',
  ...INDEXED,
];

/** What a statement calls that takes orders or uploads back. */
export const AMENDING = [...WRITING, 'has_orders_now(bigint, text[])'];

/** Of an order that is there: neither whose it is nor its number nor when it first came. */
export const CHANGED_COLUMNS = [
  ...namesOf(ORDER_COLUMNS),
  'updated_at',
  'version',
  'changed_xid',
  'last_changed_at',
] as const;

export const WRITTEN_ITEMS = {
  SELECT: 'all',
  INSERT: ['order_id', 'line_no', ...namesOf(ITEM_COLUMNS)],
  UPDATE: namesOf(ITEM_COLUMNS),
  DELETE: 'all',
} as const;

export const KEPT_ROLL_UP = {
  SELECT: 'all',
  INSERT: ['user_id', 'day', 'status', 'orders_count', 'total_revenue'],
  UPDATE: ['orders_count', 'total_revenue'],
} as const;

export const RECEIPT_COLUMNS = [
  'user_id',
  'key_id',
  'request_id',
  'orders_count',
  'items_count',
  'body_sha256',
  'idempotency_key',
  'orders_created',
  'orders_updated',
  'orders_stale',
  'stale_order_numbers',
] as const;

/** Of the audit log: neither when a line was added nor one that is there. */
export const ADDED_LINES = {
  INSERT: ['actor', 'action', 'seller_id', 'target', 'before', 'after', 'request_id'],
} as const;

/** Of who takes orders and uploads back. */
export const AMENDED = {
  users: { SELECT: 'all' },
  orders: {
    SELECT: 'all',
    INSERT: [
      'id', // of an order that is there again
      'user_id',
      'order_number',
      ...namesOf(ORDER_COLUMNS),
      'updated_at',
      'first_uploaded_at',
      'version',
    ],
    UPDATE: CHANGED_COLUMNS,
    DELETE: 'all',
  },
  order_items: WRITTEN_ITEMS,
  daily_order_stats: KEPT_ROLL_UP,
  uploads: {
    SELECT: 'all',
    INSERT: [...RECEIPT_COLUMNS, 'kind', 'undoes', 'orders_deleted'],
    UPDATE: ['undoes'], // to what it is, by which two notice one another
  },
  order_versions: { SELECT: 'all', INSERT: VERSION_COLUMNS },
} as const;

/** What a refused upload is recorded with, of the last one anew. */
export const LAST_REFUSAL_COLUMNS = [
  'status',
  'key_id',
  'request_id',
  'pointer',
  'errors_count',
] as const;
