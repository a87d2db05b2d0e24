import {
  OrdersChangedSinceError,
  UploadNotFoundError,
  UploadTooOldError,
} from '../../db/amend/undo-upload.ts';
import { IdempotencyKeyReusedError } from '../../db/uploads/upload-outcome.ts';
import { reusedKey } from '../shared/idempotency-key.ts';
import { Problem } from '../shared/problem.ts';
import { noSuchUpload } from '../shared/upload-id.ts';

/** What keeps something from being deleted or undone, as a problem where it is one. */
export function refuse(error: unknown): never {
  if (error instanceof IdempotencyKeyReusedError) {
    throw reusedKey(
      error,
      'This Idempotency-Key came with another request before; nothing was done. Send a new key with a new request.',
    );
  }
  if (error instanceof UploadNotFoundError) throw noSuchUpload(error);
  if (error instanceof UploadTooOldError) throw tooOld(error);
  if (error instanceof OrdersChangedSinceError) throw changedSince(error);
  throw error;
}

function tooOld(cause: UploadTooOldError): Problem {
  const detail =
    'What the orders were before this upload is no longer kept; nothing was undone. Upload the orders as they have to be.';
  return new Problem(409, {
    detail,
    errors: [{ code: 'too_old', detail }],
    errorsCount: 1,
    cause,
  });
}

function changedSince(error: OrdersChangedSinceError): Problem {
  return new Problem(409, {
    detail:
      'Some orders were changed since by other requests; nothing was undone. Undo those first, the latest first, or send conflicts=leave to undo the rest.',
    errors: error.orderNumbers.map((order_number) => ({
      code: 'changed_since',
      detail: 'Was changed, deleted or created again since.',
      order_number,
    })),
    errorsCount: error.count,
    cause: error,
  });
}
