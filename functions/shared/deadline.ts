import type { Context } from 'aws-lambda';

/** What an answer needs at the end: serializing it, and its way back through API Gateway. */
const MARGIN_MS = 1_000;

/** Until when a request's work may go on, in milliseconds since the epoch. */
export function deadlineAt(context: Pick<Context, 'getRemainingTimeInMillis'>): number {
  return Date.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
}
