import { timingSafeEqual } from 'node:crypto';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayRequestAuthorizerEventV2, Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { findKey } from '../../db/keys/key-check.ts';
import { keyEnvironment, parseKey } from '../shared/key-format.ts';
import { logger } from '../shared/logger.ts';
import { CHECK_FAILED, METRICS } from '../shared/metric-names.ts';
import { emit } from '../shared/metrics.ts';
import type { KeyContext, Refusal } from '../shared/seller-key.ts';
import { withRetries } from '../shared/with-retries.ts';

const db = connect(databaseAddress());
const environment = keyEnvironment();

/**
 * Asked by API Gateway about each key that it has not asked about lately: whose is it, and for
 * what? A bad key is an answer, which `sellerHandler` makes a 401 of. When the database does not
 * answer this fails and API Gateway answers 500: a failure is not kept, as an answer would be.
 */
async function authorize(event: APIGatewayRequestAuthorizerEventV2, context: Context) {
  return { isAuthorized: true, context: await check(event.identitySource?.[0] ?? '', context) };
}

async function check(authorization: string, context: Context): Promise<KeyContext> {
  const sent = parseKey(authorization.replace(/^Bearer +/i, ''), environment);
  if (!sent) return refuse('unknown');
  const key = await withRetries(context, 'key check tried again', () => findKey(db, sent));
  const isRight = isEqual(key?.secret_sha256 ?? '0'.repeat(64), sent.secretSha256);
  if (!key || !isRight) return refuse('unknown', sent.id);
  if (key.state !== 'active') return refuse(key.state, sent.id);
  logger.info('key accepted', { key_id: sent.id, seller: key.username });
  emit({ [METRICS.keyChecks]: 1 }, { outcome: 'accepted' });
  return {
    seller: key.username,
    key_id: sent.id,
    scopes: key.scopes,
    ...(key.expires_at_ms !== null && { expires_at_ms: key.expires_at_ms }),
  };
}

function refuse(refused: Refusal, keyId?: string): KeyContext {
  logger.warn('key refused', { refused, key_id: keyId });
  emit({ [METRICS.keyChecks]: 1 }, { outcome: refused });
  return { refused };
}

const isEqual = (one: string, other: string) =>
  timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'));

export const handler = middy(authorize)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .onError(() => emit({ [METRICS.keyChecks]: 1 }, { outcome: CHECK_FAILED }));
