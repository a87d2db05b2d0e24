/** What orders come to. Amounts are decimal text, exact however large. */
export interface Figures {
  readonly orders_count: number;
  readonly total_revenue: string;
  /** Rounded to cents, half away from zero; `0.00` without orders. */
  readonly avg_order_value: string;
}

export interface Stats extends Figures {
  readonly user: string;
}

export type Granularity = 'day' | 'week' | 'month';

export interface DailyStats {
  readonly user: string;
  /** `null` without orders, where none was asked for; so is `to`. */
  readonly from: string | null;
  readonly to: string | null;
  /** Oldest first, each day, week or month of the period. */
  readonly days: readonly Bucket[];
  /** Orders dated later than today, where no `to` was asked for. */
  readonly later?: LaterOrders;
}

export interface Bucket extends Figures {
  /** Its first day. */
  readonly date: string;
  /** The period leaves out some of its days. */
  readonly partial?: true;
}

export interface LaterOrders extends Figures {
  readonly from: string;
  readonly to: string;
}

export type Scope = 'orders:write' | 'orders:read' | 'stats:read';

/** Whose key it is and what it is good for. */
export interface WhoAmI {
  readonly user: string;
  readonly key_id: string;
  readonly scopes: readonly (Scope | (string & {}))[];
  /** `null` when it does not expire. */
  readonly expires_at: string | null;
}
