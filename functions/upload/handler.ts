import type { Context } from 'aws-lambda';
import { DataApiClient } from '../../db/data-api/client.ts';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { OrderOwnedByAnotherSellerError, preparedUpload } from '../../db/uploads/upload-orders.ts';
import { logger } from '../shared/logger.ts';
import { Problem } from '../shared/problem.ts';
import { sellerHandler, sellerRoute } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import { jsonBody } from './body.ts';
import { namedUser, parseUpload, type Upload } from './input.ts';

const client = new DataApiClient();
const db = connect(databaseAddress(), client);
const clock = new DatabaseClock(db);

/** With when its orders began to be looked at, on the clock of `performance`. */
type TimedUpload = Upload & { readonly startedAt: number };

/** Stores a seller's orders, all or none. */
async function store({ user, orders, itemsCount, startedAt }: TimedUpload, context: Context) {
  const before = client.usage;
  let tries = 0;
  const prepared = preparedUpload(user, orders);
  const counts = await withRetries(context, 'upload tried again', (endsAt) => {
    tries += 1;
    return clock.before(endsAt, (limit) => prepared(db, limit));
  }).catch(refuseForeignOrders);

  logger.info('orders uploaded', {
    ...counts,
    items_count: itemsCount,
    calls: client.usage.calls - before.calls,
    request_bytes: client.usage.requestBytes - before.requestBytes,
    retries: tries - 1,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  return { user, ...counts, items_count: itemsCount };
}

function refuseForeignOrders(error: unknown): never {
  if (!(error instanceof OrderOwnedByAnotherSellerError)) throw error;
  throw new Problem(409, {
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
    parse: ({ body }) => ({ startedAt: performance.now(), ...parseUpload(body) }),
    answer: store,
  }),
}).use(jsonBody());
