import { readOrderNumbers } from '../shared/order-numbers.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';

export interface NumbersQuery {
  readonly user: string;
  /** As they were asked for, none of them twice. */
  readonly orderNumbers: readonly string[];
}

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseOrdersQuery({ rawQueryString }: SellerRequest): NumbersQuery {
  const query = new QueryString(rawQueryString);
  const user = query.required('user');
  const orderNumbers = readOrderNumbers(query);
  query.finish();
  return { user, orderNumbers };
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
