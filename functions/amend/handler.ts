import { hash } from 'node:crypto';
import { deleteOrders } from '../../db/amend/delete-orders.ts';
import type { AmendRequest } from '../../db/amend/receipt.ts';
import { undoUpload } from '../../db/amend/undo-upload.ts';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { WriteLimit } from '../../db/data-api/write-limit.ts';
import { logger } from '../shared/logger.ts';
import { spellingsOf } from '../shared/order-numbers.ts';
import { type SellerCall, sellerHandler, sellerRoute } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import { type Deletion, parseDeletion, parseUndoing, type Undoing } from './input.ts';
import { refuse } from './refuse.ts';

const db = connect(databaseAddress());
const clock = new DatabaseClock(db);

/** The request is the seller's as the key says. */
type Checked<T> = T & { readonly user: string };

/** Deletes a seller's orders, all that there are. */
async function remove(deletion: Checked<Deletion>, call: SellerCall) {
  const { user, orderNumbers, idempotencyKey } = deletion;
  const asked = ['delete', ...[...orderNumbers].sort()];
  const outcome = await amend({ asked, idempotencyKey }, call, (request, limit) =>
    deleteOrders(db, user, orderNumbers.map(spellingsOf), request, limit),
  );
  const { orders_deleted, not_found, upload_id, is_replay } = outcome;
  logger.info(is_replay ? 'deletion answered again' : 'orders deleted', {
    orders_deleted,
    not_found: not_found.length,
    upload_id,
  });
  return { body: { user, orders_deleted, not_found, upload_id }, headers: replayed(is_replay) };
}

/** Takes back what one of the seller's requests did. */
async function undo(undoing: Checked<Undoing>, call: SellerCall) {
  const { user, uploadId, conflicts, idempotencyKey } = undoing;
  const options = { refusesConflicts: conflicts === 'refuse' };
  const asked = ['undo', uploadId, conflicts];
  const outcome = await amend({ asked, idempotencyKey }, call, (request, limit) =>
    undoUpload(db, user, uploadId, request, options, limit),
  );
  const { left_alone, upload_id, is_replay, ...figures } = outcome;
  logger.info(is_replay ? 'undoing answered again' : 'upload undone', {
    undone: uploadId,
    ...figures,
    upload_id,
  });
  return {
    body: { user, undone: uploadId, ...figures, left_alone, upload_id },
    headers: replayed(is_replay),
  };
}

/**
 * What `work` comes to, which is tried again while it may succeed.
 *
 * @param sent `asked` is all that tells the request from others; see `Idempotency-Key`
 */
function amend<T>(
  sent: { readonly asked: readonly string[]; readonly idempotencyKey: string | undefined },
  { context, keyId, requestId }: SellerCall,
  work: (request: AmendRequest, limit: WriteLimit) => Promise<T>,
): Promise<T> {
  const { asked, idempotencyKey } = sent;
  const bodySha256 =
    idempotencyKey === undefined ? undefined : hash('sha256', JSON.stringify(asked), 'base64');
  let isTriedAgain = false;
  return withRetries(context, 'amendment tried again', (endsAt) => {
    const request = { keyId, requestId, bodySha256, idempotencyKey, isTriedAgain };
    isTriedAgain = true;
    return clock.before(endsAt, (limit) => work(request, limit));
  }).catch(refuse);
}

const replayed = (isReplay: boolean): Readonly<Record<string, string>> =>
  isReplay ? { 'idempotent-replayed': 'true' } : {};

export const handler = sellerHandler('amend', {
  'DELETE /api/orders': sellerRoute({ parse: parseDeletion, answer: remove }),
  'POST /api/uploads/{id}/undo': sellerRoute({ parse: parseUndoing, answer: undo }),
});
