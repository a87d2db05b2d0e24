import { TooManyBytesError } from '../../db/orders/find-orders.ts';
import { OrderKeepsChangingError } from '../../db/orders/large-order.ts';
import { answerTooLarge } from '../shared/compressed-answer.ts';
import { Problem } from '../shared/problem.ts';

/** What keeps orders from being read, as a problem where it is one. */
export function refuse(error: unknown): never {
  if (error instanceof TooManyBytesError) throw answerTooLarge();
  if (error instanceof OrderKeepsChangingError) {
    throw new Problem(503, {
      detail: 'An order changes faster than it can be read. Send the same request again.',
      headers: { 'retry-after': '5' },
      cause: error,
    });
  }
  throw error;
}
