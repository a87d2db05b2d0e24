import type { Spellings } from '../../db/orders/find-orders.ts';
import { composed, isLongerInAnyForm } from '../shared/plain-text.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';

const MAX_NUMBERS = 100;
const MAX_NUMBER_LENGTH = 50;

export interface NumbersQuery {
  readonly user: string;
  /** As they were asked for, none of them twice. */
  readonly orderNumbers: readonly string[];
}

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseOrdersQuery({ rawQueryString }: SellerRequest): NumbersQuery {
  const query = new QueryString(rawQueryString);
  const user = query.required('user');
  const orderNumbers = readNumbers(query);
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

/** Uploads store the composed form; the other may be one from before they did. */
export function spellingsOf(orderNumber: string): Spellings {
  return [...new Set([composed(orderNumber), orderNumber])];
}

function readNumbers(query: QueryString): string[] {
  const sent = query.many('order_number');
  if (sent.length === 0) query.fail('order_number', 'missing', 'Is missing.');
  const numbers = new Map(sent.map((text) => [composed(text), text]));
  if (numbers.size > MAX_NUMBERS) {
    query.fail('order_number', 'out_of_range', `May come at most ${MAX_NUMBERS} times.`);
  }
  if (sent.some((text) => isLongerInAnyForm(text, MAX_NUMBER_LENGTH))) {
    const detail = `Must have at most ${MAX_NUMBER_LENGTH} characters.`;
    query.fail('order_number', 'too_long', detail);
  }
  return [...numbers.values()];
}
