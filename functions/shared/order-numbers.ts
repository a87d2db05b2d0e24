import type { Spellings } from '../../db/orders/spellings.ts';
import { composed, isLongerInAnyForm } from './plain-text.ts';
import type { QueryString } from './query-string.ts';

export const MAX_NUMBERS = 100;
export const MAX_NUMBER_LENGTH = 50;

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
  if (sent.some((text) => isLongerInAnyForm(text, MAX_NUMBER_LENGTH))) {
    const detail = `Must have at most ${MAX_NUMBER_LENGTH} characters.`;
    query.fail('order_number', 'too_long', detail);
  }
  return [...numbers.values()];
}

/** Uploads store the composed form; the other may be one from before they did. */
export function spellingsOf(orderNumber: string): Spellings {
  return [...new Set([composed(orderNumber), orderNumber])];
}
