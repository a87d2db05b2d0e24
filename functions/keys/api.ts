import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { parseKeyPlace } from '../../db/keys/key-place.ts';
import { KEYS_A_PAGE, type ListedKey, listAllKeys, listKeys } from '../../db/keys/list-keys.ts';
import {
  createKey,
  findUsername,
  revokeKey,
  rotateKey,
  type SellerKey,
} from '../../db/keys/seller-keys.ts';
import type { Database } from '../../db/schema.ts';
import type { RouteKeyWith } from '../routes.ts';
import { readCursor, writeCursor } from '../shared/cursor.ts';
import { generateKey, keyEnvironment } from '../shared/key-format.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { type PeopleApiOptions, peopleApi } from '../shared/people-api.ts';
import { QueryString } from '../shared/query-string.ts';
import { conflict, keyIdOf, noSuchKey } from './errors.ts';
import { parseKeyRequest, parseRotation } from './input.ts';
import { usernameFor } from './seller.ts';

/** All routes of this function but those of its pages. */
type KeysRouteKey = Exclude<RouteKeyWith<{ folder: 'keys' }>, `${string}/{proxy+}`>;

/** `/admin/api/keys…`: people with AWS credentials make, list, rotate and revoke sellers' keys. */
export function keysApi(db: Kysely<Database>, clock: DatabaseClock) {
  const environment = keyEnvironment();

  const routes: PeopleApiOptions<KeysRouteKey>['routes'] = {
    /** A seller's, newest first; without one those of all sellers, first those that end first. */
    async 'GET /admin/api/keys'({ rawQueryString }, { ask }) {
      const query = new QueryString(rawQueryString);
      const asked = query.one('user');
      const cursor = query.one('after');
      const after = cursor === undefined ? undefined : parseKeyPlace(readCursor(cursor) ?? '');
      if (cursor !== undefined && !after) {
        query.fail('after', 'invalid_cursor', 'Must be the `next` of an answer.');
      }
      query.finish();
      const page = { after, limit: KEYS_A_PAGE + 1 };
      if (asked === undefined) return { body: pageOf(await ask(() => listAllKeys(db, page))) };
      const user = await ask(() => findUsername(db, asked));
      const keys = user === undefined ? undefined : await ask(() => listKeys(db, user, page));
      if (!keys) throw noSuchSeller();
      return { body: { user, ...pageOf(keys) } };
    },

    async 'POST /admin/api/keys'({ body }, { ask, write, by }) {
      const request = parseKeyRequest(body);
      const known = await ask(() => findUsername(db, request.user));
      const user = usernameFor(request.user, known);
      const { key, ...stored } = generateKey(environment);
      const created = await write((limit) =>
        createKey(db, { ...request, user, ...stored }, by, limit),
      ).catch(conflict);
      logger.info('key created', { key_id: created.id, seller: created.user });
      return { status: 201, body: { ...shown(created), key } };
    },

    async 'POST /admin/api/keys/{id}/rotate'({ body, pathParameters }, { write, by }) {
      const oldId = keyIdOf(pathParameters?.id);
      const { overlap_hours } = parseRotation(body);
      const { key, ...stored } = generateKey(environment);
      const rotated = await write((limit) =>
        rotateKey(db, oldId, stored, overlap_hours, by, limit),
      ).catch(conflict);
      if (!rotated) throw noSuchKey();
      const { created, replaced } = rotated;
      logger.info('key rotated', { key_id: oldId, seller: created.user, replaced_by: created.id });
      return { status: 201, body: { ...shown(created), key, replaces: shown(replaced) } };
    },

    async 'POST /admin/api/keys/{id}/revoke'({ pathParameters }, { write, by }) {
      const id = keyIdOf(pathParameters?.id);
      const revoked = await write((limit) => revokeKey(db, id, by, limit));
      if (!revoked) throw noSuchKey();
      logger.info('key revoked', { key_id: revoked.id, seller: revoked.user });
      return { body: shown(revoked) };
    },
  };

  return peopleApi({
    clock,
    refusal: 'Keys are for people with AWS credentials.',
    triedAgain: 'keys tried again',
    routes,
  });
}

const shown = ({ scopes, ...key }: SellerKey) => ({ ...key, scopes: scopes.split(' ') });
const listed = ({ place: _, ...key }: SellerKey & ListedKey) => shown(key);

/** `next` is what the next page is asked for with; `null` on the last. */
function pageOf(found: readonly (SellerKey & ListedKey)[]) {
  const keys = found.slice(0, KEYS_A_PAGE);
  const last = found.length > keys.length ? keys.at(-1) : undefined;
  return { keys: keys.map(listed), next: last ? writeCursor(last.place) : null };
}
