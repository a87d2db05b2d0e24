import { randomUUID } from 'node:crypto';
import { deleteOrders } from '../../db/amend/delete-orders.ts';
import type { AmendRequest } from '../../db/amend/receipt.ts';
import { type UndoOutcome, undoUpload } from '../../db/amend/undo-upload.ts';
import { sqlStateOf } from '../../db/data-api/errors.ts';
import { retrying } from '../../db/data-api/retry.ts';
import { writeLimit } from '../../db/data-api/write-limit.ts';
import type { UploadedOrder } from '../../db/uploads/order-columns.ts';
import { NO_REQUEST } from '../../db/uploads/receipt.ts';
import { preparedUpload } from '../../db/uploads/upload-orders.ts';
import type { TestDatabase } from './database.ts';
import { storedOrders } from './orders.ts';

/** A request of its own each time. */
const aRequest = (): AmendRequest => ({ ...NO_REQUEST, requestId: randomUUID() });

/** What changes a seller's orders, with the rights of the functions that do it. */
export function changesOf(test: TestDatabase, user = 'seller') {
  const upload = (...orders: readonly UploadedOrder[]) =>
    preparedUpload(user, orders)(test.connectAs('upload'), writeLimit());
  const remove = (numbers: readonly string[], request = aRequest()) =>
    deleteOrders(
      test.connectAs('amend'),
      user,
      numbers.map((number) => [number]),
      request,
    );
  const undo = (
    uploadId: string | null,
    request = aRequest(),
    options: { refusesConflicts?: boolean } = {},
  ) => undoUpload(test.connectAs('amend'), user, String(uploadId), request, options);
  return { upload, remove, undo, stored: () => storedOrders(test.pg, user) };
}

/**
 * What `work` comes to, tried again where functions try again.
 *
 * @param states gets the SQLSTATE for which each try was in vain
 */
export function tryingAgain<T>(
  work: () => Promise<T>,
  states: (string | undefined)[] = [],
): Promise<T> {
  const attempt = () =>
    work().catch((error: Error) => {
      states.push(sqlStateOf(error));
      throw error;
    });
  return retrying(attempt, { deadlineAt: Date.now() + 60_000 });
}

/** What an undoing did, in which nothing else is to have happened. */
export function undone(figures: Partial<UndoOutcome>): Partial<UndoOutcome> {
  return {
    orders_restored: 0,
    orders_removed: 0,
    orders_recreated: 0,
    orders_left_alone: 0,
    left_alone: [],
    ...figures,
  };
}
