import { DataApiClient } from '../../db/data-api/client.ts';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { previewUpload } from '../../db/uploads/preview.ts';
import { preparedUpload } from '../../db/uploads/upload-orders.ts';
import {
  IdempotencyKeyReusedError,
  OrderOwnedByAnotherSellerError,
} from '../../db/uploads/upload-outcome.ts';
import { compressLargeAnswer } from '../shared/compressed-answer.ts';
import { idempotencyKeyOf, reusedKey } from '../shared/idempotency-key.ts';
import { logger } from '../shared/logger.ts';
import { METRICS } from '../shared/metric-names.ts';
import { emit } from '../shared/metrics.ts';
import { Problem } from '../shared/problem.ts';
import { type SellerCall, sellerHandler, sellerRoute } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import { jsonBody } from './body.ts';
import { isDryRun } from './dry-run.ts';
import { namedUser, parseUpload, type Upload } from './input.ts';
import { previewBody } from './preview.ts';
import { recordRefusals } from './record-refusals.ts';

const client = new DataApiClient();
const db = connect(databaseAddress(), client);
const clock = new DatabaseClock(db);

/** With when its orders began to be looked at, on the clock of `performance`. */
type TimedUpload = Upload & {
  readonly startedAt: number;
  readonly bodySha256: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly isDryRun: boolean;
};

/** What storing the orders would do. */
async function preview(upload: TimedUpload, { context }: SellerCall) {
  const { user, orders } = upload;
  const preview = await withRetries(context, 'preview tried again', () =>
    previewUpload(db, user, orders),
  ).catch(refuse);
  const body = previewBody(upload, preview);
  logger.info('upload previewed', {
    orders_count: orders.length,
    items_count: upload.itemsCount,
    duration_ms: Math.round(performance.now() - upload.startedAt),
  });
  return { body };
}

/** Stores a seller's orders, all or none. */
async function store(
  { user, orders, itemsCount, startedAt, bodySha256, idempotencyKey }: TimedUpload,
  { context, keyId, requestId }: SellerCall,
) {
  const before = client.usage;
  let tries = 0;
  const prepared = preparedUpload(user, orders, {
    keyId,
    requestId,
    bodySha256,
    idempotencyKey,
  });
  const outcome = await withRetries(context, 'upload tried again', (endsAt) => {
    tries += 1;
    return clock.before(endsAt, (limit) => prepared(db, limit));
  }).catch(refuse);

  const { orders_created, orders_updated, orders_unchanged, orders_stale, upload_id } = outcome;
  const counts = { orders_created, orders_updated, orders_unchanged, items_count: itemsCount };
  if (!outcome.is_replay) {
    emit({
      [METRICS.uploads]: 1,
      [METRICS.ordersCreated]: orders_created,
      [METRICS.ordersUpdated]: orders_updated,
      [METRICS.ordersUnchanged]: orders_unchanged,
      [METRICS.ordersStale]: orders_stale,
    });
  }
  logger.info(outcome.is_replay ? 'upload answered again' : 'orders uploaded', {
    ...counts,
    orders_stale,
    upload_id,
    calls: client.usage.calls - before.calls,
    request_bytes: client.usage.requestBytes - before.requestBytes,
    retries: tries - 1,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  const { stale_order_numbers } = outcome;
  return {
    body: {
      user,
      ...counts,
      orders_stale,
      upload_id,
      ...(orders_stale > 0 && { stale_order_numbers }),
    },
    ...(outcome.is_replay && { headers: { 'idempotent-replayed': 'true' } }),
  };
}

function refuse(error: unknown): never {
  if (error instanceof IdempotencyKeyReusedError) {
    throw reusedKey(
      error,
      'This Idempotency-Key came with another body before; nothing was stored. Send a new key with a new body.',
    );
  }
  if (error instanceof OrderOwnedByAnotherSellerError) throw foreignOrders(error);
  throw error;
}

function foreignOrders(error: OrderOwnedByAnotherSellerError): Problem {
  return new Problem(409, {
    detail:
      'Some order numbers are taken by another seller; nothing was stored. Numbers are unique across the whole service: prefix your numbers, for instance with the name of your shop.',
    errors: error.orderNumbers.map((order_number) => ({
      code: 'taken',
      detail: 'Is taken by another seller: prefix your numbers.',
      order_number,
    })),
    errorsCount: error.count,
    cause: error,
  });
}

export const handler = sellerHandler('upload', {
  'POST /api/orders/upload': sellerRoute({
    findUser: ({ body }) => namedUser(body),
    parse: (request) => ({
      startedAt: performance.now(),
      ...parseUpload(request.body),
      bodySha256: request.bodySha256,
      idempotencyKey: idempotencyKeyOf(request),
      isDryRun: isDryRun(request),
    }),
    answer: (upload, call) => (upload.isDryRun ? preview(upload, call) : store(upload, call)),
  }),
})
  .use(jsonBody())
  .use(compressLargeAnswer()) // of a dry run
  .use(recordRefusals(db));
