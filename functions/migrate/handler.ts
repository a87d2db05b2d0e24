import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/client.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { retrying } from '../../db/retry.ts';
import { deadlineAt } from '../shared/deadline.ts';
import { logger } from '../shared/logger.ts';

const db = connect(databaseAddress());

/** Run by the deploy before the other functions change: brings the schema up to date or fails the deploy. */
async function migrate(_event: unknown, context: Context) {
  const applied = await retrying(() => migrateToLatest(db), {
    deadlineAt: deadlineAt(context),
    onRetry: (retry) => logger.warn('migration tried again', retry),
  });
  logger.info('schema is up to date', { applied });
  return { applied };
}

export const handler = middy(migrate).use(injectLambdaContext(logger, { resetKeys: true }));
