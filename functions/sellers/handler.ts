import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { required } from '../../db/data-api/env.ts';
import { eraseSeller, noneErased } from '../../db/sellers/erase.ts';
import { findSellerHoldings, findSellerId } from '../../db/sellers/find-seller.ts';
import type { RouteKeyWith } from '../routes.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import {
  type Asking,
  type PeopleAnswer,
  type PeopleEvent,
  peopleApi,
} from '../shared/people-api.ts';
import { UPLOADS_END_WITHIN_S } from './env.ts';
import { parseErasure, parseSellerQuery } from './input.ts';

const db = connect(databaseAddress());
const uploadsEndWithinS = Number(required(process.env, UPLOADS_END_WITHIN_S));

/** How long a request goes on with new steps: whoever waits for it sees how it goes. */
const WORK_MS = 10_000;

/** What is kept of the function's time for the last step, which may wait for a lock. */
const RESERVE_MS = 12_000;

const IN_PART = 'seller erased in part';

/**
 * `GET /admin/api/sellers?user=NAME` answers what erasing that seller would delete, in short.
 * Revenue is decimal text: whoever shows it keeps every digit.
 */
async function showSeller({ rawQueryString }: PeopleEvent, { ask }: Asking): Promise<PeopleAnswer> {
  const { user } = parseSellerQuery(rawQueryString);
  const seller = await ask(() => findSellerHoldings(db, user));
  if (!seller) throw noSuchSeller();
  const { id: _, ...holdings } = seller;
  return { body: { user, ...holdings } };
}

/**
 * `POST /admin/api/sellers/erase` deletes what there is of a seller for some 10 s, and answers how
 * far it has come: asked again, it goes on.
 */
async function erase(
  { body }: PeopleEvent,
  { ask, write, by, leftMs }: Asking,
): Promise<PeopleAnswer> {
  const { user } = parseErasure(body);
  const sellerId = await ask(() => findSellerId(db, user));
  if (sellerId === undefined) throw noSuchSeller();
  const endsAt = Date.now() + Math.min(WORK_MS, leftMs() - RESERVE_MS);
  const counts = noneErased();
  try {
    const erasure = await eraseSeller(db, sellerId, {
      by,
      counts,
      writing: write,
      hasTime: () => Date.now() < endsAt,
      comesWithinS: uploadsEndWithinS,
    });
    logger.info(erasure.done ? 'seller erased' : IN_PART, { seller: user, ...counts, ...erasure });
    return { body: { user, ...erasure, ...counts } };
  } catch (error) {
    logger.warn(IN_PART, { seller: user, ...counts });
    throw error;
  }
}

export const handler = peopleApi<RouteKeyWith<{ folder: 'sellers' }>>({
  clock: new DatabaseClock(db),
  refusal: 'Sellers are for people with AWS credentials.',
  triedAgain: 'erasing tried again',
  routes: {
    'GET /admin/api/sellers': showSeller,
    'POST /admin/api/sellers/erase': erase,
  },
});
