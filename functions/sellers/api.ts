import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { Database } from '../../db/schema.ts';
import { findSellerHoldings, findSellerId } from '../../db/sellers/find-seller.ts';
import type { RouteKeyWith } from '../routes.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { type PeopleApiOptions, peopleApi } from '../shared/people-api.ts';
import { eraseForAWhile } from './erase-for-a-while.ts';
import { parseErasure, parseSellerQuery } from './input.ts';

/** All routes of this function but those of its page. */
type SellersRouteKey = Exclude<
  RouteKeyWith<{ folder: 'sellers' }>,
  `${string} /admin/erase-seller`
>;

/** `/admin/api/sellers…`: people's programs erase sellers. */
export function sellersApi(db: Kysely<Database>, clock: DatabaseClock) {
  const routes: PeopleApiOptions<SellersRouteKey>['routes'] = {
    /**
     * What erasing that seller would delete, in short. Revenue is decimal text: whoever shows it
     * keeps every digit.
     */
    async 'GET /admin/api/sellers'({ rawQueryString }, { ask }) {
      const { user } = parseSellerQuery(rawQueryString);
      const seller = await ask(() => findSellerHoldings(db, user));
      if (!seller) throw noSuchSeller();
      const { id: _, ...holdings } = seller;
      return { body: { user, ...holdings } };
    },

    async 'POST /admin/api/sellers/erase'({ body }, { ask, write, by, leftMs }) {
      const { user } = parseErasure(body);
      const id = await ask(() => findSellerId(db, user));
      if (id === undefined) throw noSuchSeller();
      return {
        body: { user, ...(await eraseForAWhile(db, { id, user }, { by, writing: write, leftMs })) },
      };
    },
  };

  return peopleApi({
    clock,
    refusal: 'Sellers are for people with AWS credentials.',
    triedAgain: 'erasing tried again',
    routes,
  });
}
