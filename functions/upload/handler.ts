import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { DataApiClient } from '../../db/data-api/client.ts';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { retrying } from '../../db/data-api/retry.ts';
import { OrderOwnedByAnotherSellerError, preparedUpload } from '../../db/uploads/upload-orders.ts';
import { deadlineAt } from '../shared/deadline.ts';
import { jsonResponse } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { Problem } from '../shared/problem.ts';
import { problemDetails } from '../shared/problem-details.ts';
import { requireSeller, sellerKey } from '../shared/seller-key.ts';
import { jsonBody } from './body.ts';
import { namedUser, parseUpload } from './input.ts';

const client = new DataApiClient();
const db = connect(databaseAddress(), client);
const clock = new DatabaseClock(db);

type UploadEvent = Omit<APIGatewayProxyEventV2, 'body'> & { body?: unknown };

/** `POST /api/orders/upload` stores a seller's orders, all or none. */
async function upload(event: UploadEvent, context: Context) {
  const startedAt = performance.now();
  const before = client.usage;
  let retries = 0;

  const named = namedUser(event.body);
  if (named !== undefined) requireSeller(event, named);
  const { orders, itemsCount, ...sent } = parseUpload(event.body);
  const user = requireSeller(event, sent.user);
  const endsAt = deadlineAt(context);
  const prepared = preparedUpload(user, orders);
  const store = () => clock.before(endsAt, (limit) => prepared(db, limit));
  const counts = await retrying(store, {
    deadlineAt: endsAt,
    onRetry: ({ attempt, reason, delayMs }) => {
      retries += 1;
      logger.warn('upload tried again', { attempt, reason, delay_ms: delayMs });
    },
  }).catch(refuseForeignOrders);

  logger.info('orders uploaded', {
    ...counts,
    items_count: itemsCount,
    calls: client.usage.calls - before.calls,
    request_bytes: client.usage.requestBytes - before.requestBytes,
    retries,
    duration_ms: Math.round(performance.now() - startedAt),
  });
  return jsonResponse(200, { user, ...counts, items_count: itemsCount });
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

export const handler = middy(upload)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(problemDetails())
  .use(sellerKey({ scope: 'orders:write' }))
  .use(jsonBody());
