/** What an upload did to the seller's orders. */
export interface UploadOutcome {
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_unchanged: number;
  /** Of which a newer state is stored: left alone. */
  readonly orders_stale: number;
  /** The first 100 of them. */
  readonly stale_order_numbers: readonly string[];
  /** Of its receipt; `null` when it has none, since nothing was new. */
  readonly upload_id: string | null;
  /** Whether an earlier request with its `Idempotency-Key` did all that, and this one nothing. */
  readonly is_replay: boolean;
}

/** An upload holds orders that another seller has; nothing of it was stored. */
export class OrderOwnedByAnotherSellerError extends Error {
  override readonly name = 'OrderOwnedByAnotherSellerError';
  /** The first 100 of them. */
  readonly orderNumbers: readonly string[];
  readonly count: number;

  constructor(orderNumbers: readonly string[], count: number) {
    super(`${count} of the upload's orders belong to another seller.`);
    this.orderNumbers = orderNumbers;
    this.count = count;
  }
}

/** An earlier request with the same `Idempotency-Key` had another body; nothing was stored. */
export class IdempotencyKeyReusedError extends Error {
  override readonly name = 'IdempotencyKeyReusedError';

  constructor() {
    super('The Idempotency-Key was used for another request.');
  }
}

type Figures = Pick<UploadOutcome, 'orders_created' | 'orders_updated' | 'orders_stale'>;

/** How many of the orders were there as uploaded. */
export function unchangedOf(ordersCount: number, figures: Figures): number {
  const { orders_created, orders_updated, orders_stale } = figures;
  return ordersCount - orders_created - orders_updated - orders_stale;
}
