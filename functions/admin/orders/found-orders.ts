import type { Lookup } from '../../../db/admin/lookup.ts';
import type { OrderCounts } from '../../../db/admin/order-counts.ts';
import type { OrdersPage } from '../../../db/admin/orders-list.ts';
import type { MissingPhrase } from './nearest.ts';

/** What the list's page shows of what was found. */
export interface FoundOrders {
  readonly page: OrdersPage;
  readonly counts: OrderCounts;
  /** Whether the filter asks only for what is counted. */
  readonly isCountable: boolean;
  readonly lookup: Lookup;
  /** Where a search finds nothing: what it means without the other filters. */
  readonly anywhere?: Lookup;
  /** Where nothing has it: what of it nothing has, and sellers whose names have it. */
  readonly missing?: readonly MissingPhrase[];
  readonly sellers?: readonly string[];
  /** The UTC day on which somebody looks. */
  readonly today: string;
  /** The options by which a command chooses this service; none where that is not known. */
  readonly chosenBy?: string | undefined;
}
