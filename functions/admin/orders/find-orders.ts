import type { Kysely } from 'kysely';
import { type Lookup, lookUp, ordersAnywhere } from '../../../db/admin/lookup.ts';
import { findKnownWords } from '../../../db/admin/nearest-words.ts';
import { countOrders, isCountable, noCounts } from '../../../db/admin/order-counts.ts';
import { listOrders } from '../../../db/admin/orders-list.ts';
import { dayOf } from '../../../db/days.ts';
import type { Database } from '../../../db/schema.ts';
import type { FoundOrders } from './found-orders.ts';
import type { ListInput } from './input.ts';
import { ORDERS_A_PAGE } from './list-page.ts';
import { missingPhrases } from './nearest.ts';

/** What a list page needs, in at most three calls of the Data API, or four where it is empty. */
export async function findOrders(
  db: Kysely<Database>,
  { filter, sort, start }: ListInput,
): Promise<FoundOrders> {
  const lookup = await lookUp(db, filter);
  const listing = listOrders(db, { filter, lookup, sort, start, limit: ORDERS_A_PAGE });
  const found = { isCountable: isCountable(filter), lookup, today: dayOf(Date.now()) };
  const { q, ...others } = filter;
  if (q) {
    const page = await listing;
    if (page.orders.length === 0 && !start && !page.lookedTo) {
      const isFiltered = Object.values(others).some(Boolean);
      const anywhere = isFiltered ? await lookUp(db, { q }) : lookup;
      const empty = { ...found, page, anywhere };
      if ([lookup, anywhere].some(hasOrders))
        return { ...empty, counts: await countOrders(db, filter, lookup) };
      const { sellers, ...known } = await findKnownWords(db, q);
      return { ...empty, counts: noCounts(filter), missing: missingPhrases(known), sellers };
    }
  }
  const [page, counts] = await Promise.all([listing, countOrders(db, filter, lookup)]);
  return { ...found, page, counts };
}

/** Whether a search may find orders, whatever the other filters are. */
const hasOrders = (lookup: Lookup) => lookup.ordersByWords.isPart || ordersAnywhere(lookup) !== 0;
