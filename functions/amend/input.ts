import { idempotencyKeyOf } from '../shared/idempotency-key.ts';
import { readOrderNumbers } from '../shared/order-numbers.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';
import { uploadIdOf } from '../shared/upload-id.ts';

interface Sent {
  readonly idempotencyKey: string | undefined;
}

export interface Deletion extends Sent {
  readonly user: string;
  /** As they were sent, none of them twice. */
  readonly orderNumbers: readonly string[];
}

export interface Undoing extends Sent {
  /** The key's seller where it is not said. */
  readonly user: string | undefined;
  /** A UUID. */
  readonly uploadId: string;
  readonly conflicts: (typeof CONFLICTS)[number];
}

/** What becomes of orders that were changed since: nothing, or nothing of the whole. */
export const CONFLICTS = ['leave', 'refuse'] as const;

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseDeletion(request: SellerRequest): Deletion {
  const query = new QueryString(request.rawQueryString);
  const user = query.required('user');
  const orderNumbers = readOrderNumbers(query);
  query.finish();
  return { user, orderNumbers, idempotencyKey: idempotencyKeyOf(request) };
}

/** @throws {Problem} 400 with everything that is wrong with the query, 404 for what is no id */
export function parseUndoing(request: SellerRequest): Undoing {
  const query = new QueryString(request.rawQueryString);
  const user = query.one('user');
  const asked = query.one('conflicts') ?? 'leave';
  const conflicts = CONFLICTS.find((choice) => choice === asked);
  if (!conflicts) {
    query.fail('conflicts', 'invalid_choice', `Must be one of ${CONFLICTS.join(', ')}.`);
  }
  query.finish();
  const idempotencyKey = idempotencyKeyOf(request);
  return { user, uploadId: uploadIdOf(request), conflicts: conflicts ?? 'leave', idempotencyKey };
}
