import type { Item } from './orders.ts';

/** What an upload did. */
export interface UploadResult {
  readonly user: string;
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_unchanged: number;
  readonly items_count: number;
  /** Those of which a newer state is stored. */
  readonly orders_stale: number;
  /** Of its receipt, by which it can be undone; `null` where it has none. */
  readonly upload_id: string | null;
  /** The first 100, where there are any. */
  readonly stale_order_numbers?: readonly string[];
}

/** What every upload's answer says. */
export const STORED = ['orders_created', 'orders_updated', 'orders_unchanged', 'orders_stale'];

/** What an upload would do. */
export interface DryRunResult extends UploadResult {
  readonly dry_run: true;
  readonly orders: readonly PlannedOrder[];
  /** How many would be updated of which too much would have to be told. */
  readonly orders_without_details?: number;
  /** By how much each day's figures would change. */
  readonly days: readonly PlannedDay[];
}

export interface PlannedOrder {
  readonly order_number: string;
  readonly action: 'created' | 'updated' | 'unchanged' | 'stale';
  readonly changes?: {
    readonly [Field in 'created_at' | 'total_amount' | 'status' | 'updated_at']?: {
      readonly from: string | null;
      readonly to: string | null;
    };
  };
  readonly items?: readonly PlannedLine[];
}

export interface PlannedLine {
  readonly line_no: number;
  readonly change: 'added' | 'removed' | 'changed';
  readonly from?: Item;
  readonly to?: Item;
}

export interface PlannedDay {
  readonly date: string;
  readonly status: string;
  readonly orders_count: number;
  readonly total_revenue: string;
}

/** What is kept of a request that changed orders. */
export interface Receipt {
  readonly upload_id: string;
  readonly kind: 'upload' | 'delete' | 'undo';
  readonly created_at: string;
  readonly key_id: string;
  readonly request_id: string;
  readonly orders_count: number;
  readonly items_count: number;
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_unchanged: number;
  readonly orders_stale: number;
  readonly stale_order_numbers: readonly string[];
  readonly orders_deleted: number;
  readonly idempotency_key: string | null;
  /** In hexadecimal, of the body before it was compressed. */
  readonly body_sha256: string | null;
  /** The `upload_id` of what it took back. */
  readonly undoes: string | null;
}

export interface ReceiptWithOrders extends Receipt {
  readonly user: string;
  /** The first 100 orders that nothing has changed since. */
  readonly order_numbers: readonly string[];
}

export interface ReceiptsPage {
  readonly user: string;
  readonly uploads: readonly Receipt[];
  readonly next: string | null;
}

export interface DeletionResult {
  readonly user: string;
  readonly orders_deleted: number;
  readonly not_found: readonly string[];
  readonly upload_id: string | null;
}

export interface UndoResult {
  readonly user: string;
  readonly undone: string;
  readonly orders_restored: number;
  readonly orders_removed: number;
  readonly orders_recreated: number;
  /** Those that something later has changed. */
  readonly orders_left_alone: number;
  /** The first 100 of them. */
  readonly left_alone: readonly string[];
  readonly upload_id: string | null;
}
