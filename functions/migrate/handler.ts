import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { databaseAddress } from '../../db/data-api/connect.ts';
import { ROLE_SECRET_ARNS, required } from '../../db/data-api/env.ts';
import { connectPatiently } from '../../db/data-api/patient.ts';
import { isNewer, migrateToLatest } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/index.ts';
import { applyRoles } from '../../db/roles/apply-roles.ts';
import { FoundOtherwise } from '../../db/roles/found-otherwise.ts';
import { asOwner } from '../shared/as-owner.ts';
import { countFailures } from '../shared/count-failures.ts';
import { logger } from '../shared/logger.ts';
import { METRICS } from '../shared/metric-names.ts';
import { withRetries } from '../shared/with-retries.ts';
import { readRolePasswords } from './role-passwords.ts';

const db = connectPatiently(databaseAddress());
const roleSecretArns = required(process.env, ROLE_SECRET_ARNS).split(' ');

/**
 * Run by the deploy before the other functions change: brings the schema and the roles up to date,
 * and gives the roles' logins the passwords of their secrets, or fails the deploy.
 */
async function migrate(_event: unknown, context: Context) {
  const trying = <T>(work: () => Promise<T>) =>
    withRetries(context, 'migration tried again', () => asOwner(work));
  const ran = new Set<string>();
  const applied = await trying(() => migrateToLatest(db, migrations, { ran }));
  const logins = await trying(() => readRolePasswords(roleSecretArns));
  // Of a release that comes back: the functions of the one after it run on until they are replaced.
  const addsOnly = await trying(() => isNewer(db));
  const found = new FoundOtherwise();
  const { amended, largeObjectsRemoved } = await trying(() =>
    applyRoles(db, logins, { addsOnly, found }),
  );
  if (amended.length > 0 || largeObjectsRemoved > 0) {
    logger.warn('roles were not as declared', { amended, largeObjectsRemoved });
  }
  logger.info('schema is up to date', { applied, logins: logins.map(({ username }) => username) });
  return { applied };
}

export const handler = middy(migrate)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(countFailures(METRICS.migrationFailures));
