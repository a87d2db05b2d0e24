import type { Lookup } from '../../../db/admin/lookup.ts';
import type { OrderCounts } from '../../../db/admin/order-counts.ts';
import type { OrdersPage } from '../../../db/admin/orders-list.ts';

/** What the list's page shows of what was found. */
export interface FoundOrders {
  readonly page: OrdersPage;
  readonly counts: OrderCounts;
  /** Whether the filter asks only for what is counted. */
  readonly isCountable: boolean;
  readonly lookup: Lookup;
  /** The UTC day on which somebody looks. */
  readonly today: string;
}
