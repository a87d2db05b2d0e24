import type { RawBuilder } from 'kysely';
import type { Expressions, Types, Values } from '../routine.ts';
import type { ArrayColumns } from './array-literals.ts';
import type { UploadBatch } from './batches.ts';
import type { Literals } from './column-sql.ts';
import { namesOf, SENT_ITEM_COLUMNS, SENT_ORDER_COLUMNS } from './order-columns.ts';
import {
  REQUEST_PARAMETERS,
  type RequestSize,
  requestValues,
  type UploadRequest,
} from './receipt.ts';

export interface BatchOptions {
  /** Locks the orders also when all of them are there as uploaded, so that they stay so. */
  readonly locksUnchanged: boolean;
  /** Until when the transaction may be committed; see `WriteLimit`. */
  readonly writeBy: number;
  readonly request: UploadRequest;
  /** Of all batches together. */
  readonly size: RequestSize;
}

/** What the statement that stores a batch is told. */
export const BATCH_PARAMETERS = {
  username: 'text',
  locks_unchanged: 'boolean',
  write_by: 'bigint',
  /** How many items of the batch's only order other calls will bring. */
  items_to_come: 'integer',
  ...REQUEST_PARAMETERS,
  ...prefixed('order', texts(SENT_ORDER_COLUMNS)),
  ...prefixed('item', texts(SENT_ITEM_COLUMNS)),
} as const satisfies Types;

/**
 * @param username the seller's; created when it is new
 * @param batch orders sorted by order number
 */
export function batchValues(
  username: string,
  { orders, items, moreItems }: UploadBatch,
  { locksUnchanged, writeBy, request, size }: BatchOptions,
): Values<typeof BATCH_PARAMETERS> {
  return {
    username,
    locks_unchanged: locksUnchanged,
    write_by: writeBy,
    items_to_come: moreItems.reduce((sum, { itemsCount }) => sum + itemsCount, 0),
    ...requestValues(request, size),
    ...prefixed('order', orders),
    ...prefixed('item', items),
  };
}

/** What storing a batch did. */
export interface BatchOutcome {
  orders_created: number;
  orders_updated: number;
  orders_stale: number;
  /** The first 100 orders of which a newer state is stored, as JSON text. */
  stale_order_numbers: string;
  /**
   * How many of the batch's orders belong to another seller; when there are any, nothing was
   * stored.
   */
  foreign_count: number;
  /** The first 100 of those orders' numbers, as JSON text. */
  foreign_order_numbers: string;
  /** The transaction's receipt; `null` when it has none, since nothing is new. */
  upload_id: string | null;
  /**
   * The receipt of an earlier request with the same `Idempotency-Key`, or of another try of this
   * one, an `OriginalReceipt` as JSON text; nothing was stored then. `null` when there was none.
   */
  original: string | null;
  /** What the database's clock said when the statement began, in milliseconds since the epoch. */
  database_ms: number;
  /** Where the statement undoes itself. */
  nothing: null;
}

/** The same as PostgreSQL's types. */
export const BATCH_OUTCOME = {
  orders_created: 'integer',
  orders_updated: 'integer',
  orders_stale: 'integer',
  stale_order_numbers: 'text',
  foreign_count: 'integer',
  foreign_order_numbers: 'text',
  upload_id: 'text',
  original: 'text',
  database_ms: 'bigint',
  nothing: 'integer',
} as const satisfies Record<keyof BatchOutcome, string>;

/** The literals among a statement's parameters. */
export function literalsIn<const Prefix extends string, Columns extends ArrayColumns>(
  p: Expressions<Prefixed<Prefix, { [Name in keyof Columns]: 'text' }>>,
  prefix: Prefix,
  columns: Columns,
): Literals<Columns> {
  const of = p as Readonly<Record<string, RawBuilder<unknown>>>;
  const entries = namesOf(columns).map((name) => [name, of[`${prefix}_${name}`]]);
  return Object.fromEntries(entries) as Literals<Columns>;
}

/** Literals travel as text. */
function texts<Columns extends ArrayColumns>(columns: Columns) {
  const entries = namesOf(columns).map((name) => [name, 'text']);
  return Object.fromEntries(entries) as { readonly [Name in keyof Columns]: 'text' };
}

type Prefixed<Prefix extends string, Named> = {
  readonly [Name in keyof Named & string as `${Prefix}_${Name}`]: Named[Name];
};

function prefixed<const Prefix extends string, Named extends object>(prefix: Prefix, named: Named) {
  const entries = Object.entries(named).map(([name, value]) => [`${prefix}_${name}`, value]);
  return Object.fromEntries(entries) as Prefixed<Prefix, Named>;
}
