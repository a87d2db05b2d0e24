import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { WriteLimit } from '../../db/data-api/write-limit.ts';
import {
  createKey,
  findUsername,
  listKeys,
  revokeKey,
  rotateKey,
  type SellerKey,
} from '../../db/keys/seller-keys.ts';
import type { Database } from '../../db/schema.ts';
import type { RouteKeyWith } from '../routes.ts';
import { type IamEvent, requireCaller } from '../shared/iam-caller.ts';
import { jsonResponse } from '../shared/json-response.ts';
import { generateKey, keyEnvironment } from '../shared/key-format.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { Problem } from '../shared/problem.ts';
import { problemDetails } from '../shared/problem-details.ts';
import { QueryString } from '../shared/query-string.ts';
import { withRetries } from '../shared/with-retries.ts';
import { conflict, keyIdOf, noSuchKey } from './errors.ts';
import { parseKeyRequest, parseRotation } from './input.ts';
import { jsonBody } from './json-body.ts';
import { usernameFor } from './seller.ts';

type KeysEvent = Omit<IamEvent, 'body'> & { body?: unknown };

/** All routes of this function but those of its pages. */
type KeysRouteKey = Exclude<RouteKeyWith<{ folder: 'keys' }>, `${string}/{proxy+}`>;

/** `/admin/api/keys…`: people with AWS credentials make, list, rotate and revoke sellers' keys. */
export function keysApi(db: Kysely<Database>, clock: DatabaseClock) {
  const environment = keyEnvironment();

  const routes: Readonly<
    Record<KeysRouteKey, (event: KeysEvent, database: Asking) => Promise<object>>
  > = {
    async 'GET /admin/api/keys'({ rawQueryString }, { ask }) {
      const query = new QueryString(rawQueryString);
      const asked = query.required('user');
      query.finish();
      const user = await ask(() => findUsername(db, asked));
      const keys = user === undefined ? undefined : await ask(() => listKeys(db, user));
      if (!keys) throw noSuchSeller();
      return answer(200, { user, keys: keys.map(shown) });
    },

    async 'POST /admin/api/keys'({ body }, { ask, write }) {
      const request = parseKeyRequest(body);
      const known = await ask(() => findUsername(db, request.user));
      const user = usernameFor(request.user, known);
      const { key, ...stored } = generateKey(environment);
      const created = await write((limit) => createKey(db, { ...request, user, ...stored }, limit));
      logger.info('key created', { key_id: created.id, seller: created.user });
      return answer(201, { ...shown(created), key });
    },

    async 'POST /admin/api/keys/{id}/rotate'({ body, pathParameters }, { write }) {
      const oldId = keyIdOf(pathParameters?.id);
      const { overlap_hours } = parseRotation(body);
      const { key, ...stored } = generateKey(environment);
      const rotated = await write((limit) =>
        rotateKey(db, oldId, stored, overlap_hours, limit),
      ).catch(conflict);
      if (!rotated) throw noSuchKey();
      const { created, replaced } = rotated;
      logger.info('key rotated', { key_id: oldId, seller: created.user, replaced_by: created.id });
      return answer(201, { ...shown(created), key, replaces: shown(replaced) });
    },

    async 'POST /admin/api/keys/{id}/revoke'({ pathParameters }, { write }) {
      const id = keyIdOf(pathParameters?.id);
      const revoked = await write((limit) => revokeKey(db, id, limit));
      if (!revoked) throw noSuchKey();
      logger.info('key revoked', { key_id: revoked.id, seller: revoked.user });
      return answer(200, shown(revoked));
    },
  };

  const byKey = new Map(Object.entries(routes));

  async function handle(event: KeysEvent, context: Context) {
    logger.appendKeys({
      caller: requireCaller(event, 'Keys are for people with AWS credentials.'),
    });
    const route = byKey.get(event.routeKey);
    if (!route) throw new Problem(404, { detail: 'There is no such route.' });
    return route(event, {
      ask: (work) => withRetries(context, TRIED_AGAIN, work),
      write: (work) => withRetries(context, TRIED_AGAIN, (endsAt) => clock.before(endsAt, work)),
    });
  }

  return middy(handle)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(problemDetails())
    .use(jsonBody());
}

const TRIED_AGAIN = 'keys tried again';

/** Asking the database until there is no more time. */
interface Asking {
  ask<T>(work: () => Promise<T>): Promise<T>;
  /** What is not written by then never is: the answer says that it failed. */
  write<T>(work: (limit: WriteLimit) => Promise<T>): Promise<T>;
}

/** A key's answer, which may hold a secret and is nothing to keep. */
function answer(statusCode: number, body: object) {
  const { headers, ...response } = jsonResponse(statusCode, body);
  return { ...response, headers: { ...headers, 'cache-control': 'no-store' } };
}

const shown = ({ scopes, ...key }: SellerKey) => ({ ...key, scopes: scopes.split(' ') });
