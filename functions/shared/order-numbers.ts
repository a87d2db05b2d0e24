import type { Spellings } from '../../db/orders/spellings.ts';
import { composed, isLongerInAnyForm } from './plain-text.ts';
import type { QueryString } from './query-string.ts';

export const MAX_NUMBERS = 100;
export const MAX_NUMBER_LENGTH = 50;
const TOO_LONG = `Must have at most ${MAX_NUMBER_LENGTH} characters.`;

/**
 * The numbers that a query's `order_number`s ask for, as they were sent, none of them twice; what
 * is wrong with them is collected in the query.
 */
export function readOrderNumbers(query: QueryString): string[] {
  const sent = query.many('order_number');
  if (sent.length === 0) query.fail('order_number', 'missing', 'Is missing.');
  const numbers = new Map(sent.map((text) => [composed(text), text]));
  if (numbers.size > MAX_NUMBERS) {
    query.fail('order_number', 'out_of_range', `May come at most ${MAX_NUMBERS} times.`);
  }
  for (const text of sent) {
    if (!isLongerInAnyForm(text, MAX_NUMBER_LENGTH)) continue;
    query.fail('order_number', 'too_long', TOO_LONG, text);
  }
  return [...numbers.values()];
}

/** As it is asked for, which may be one from before uploads stored the composed form; then that. */
export function spellingsOf(orderNumber: string): Spellings {
  return [...new Set([orderNumber, composed(orderNumber)])];
}
