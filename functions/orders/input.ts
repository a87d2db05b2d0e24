import { isPlace, type OrdersQuery } from '../../db/orders/orders-of-page.ts';
import { PAGE, readPage } from '../shared/cursor.ts';
import { readOrderFilter } from '../shared/order-filter.ts';
import { readOrderNumbers } from '../shared/order-numbers.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';

export interface NumbersQuery {
  readonly user: string;
  /** As they were asked for, none of them twice. */
  readonly orderNumbers: readonly string[];
}

/**
 * Orders by their numbers, or else a page of them.
 *
 * @throws {Problem} 400 with everything that is wrong with the query
 */
export function parseOrdersQuery({ rawQueryString }: SellerRequest): NumbersQuery | OrdersQuery {
  const query = new QueryString(rawQueryString);
  const asked = query.has('order_number')
    ? { user: query.required('user'), orderNumbers: readOrderNumbers(query) }
    : { ...readOrderFilter(query), ...readPage(query, isPlace, PAGE) };
  query.finish();
  return asked;
}

/**
 * Of a route whose seller is the key's: it may be named all the same.
 *
 * @throws {Problem} 400 with everything that is wrong with the query
 */
export function parseUser({ rawQueryString }: SellerRequest): { user: string | undefined } {
  const query = new QueryString(rawQueryString);
  const user = query.one('user');
  query.finish();
  return { user };
}
