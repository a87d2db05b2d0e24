import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { type KeyStory, STORY_COLUMNS } from '../../../db/admin/key-stories.ts';
import { listLastOrders } from '../../../db/admin/last-orders.ts';
import { findSellerFigures } from '../../../db/admin/seller.ts';
import { listSellers } from '../../../db/admin/sellers-list.ts';
import { dayOf } from '../../../db/days.ts';
import { listKeys } from '../../../db/keys/list-keys.ts';
import type { Database } from '../../../db/schema.ts';
import { backToSeller } from '../../shared/pages/addresses.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PageContext, PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import { Problem } from '../../shared/problem.ts';
import type { QueryString } from '../../shared/query-string.ts';
import { KEYS_SHOWN } from './keys-card.ts';
import { readSellersInput } from './list-input.ts';
import { sellersPage } from './list-page.ts';
import { sellerPage } from './seller-page.ts';

/** How many days a chart may show. */
export const PERIODS = [30, 90, 365, 1_095] as const;

const DEFAULT_PERIOD = 90;

const LAST_ORDERS = 10;

const SELLERS_A_PAGE = 50;

export function addSellerPages(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  app.get('/admin/sellers', async (c) => {
    const query = pageQuery(c);
    const input = readSellersInput(query);
    query.finish();
    const today = dayOf(Date.now());
    const found = await asking(c, () =>
      listSellers(db, { ...input, today, limit: SELLERS_A_PAGE + 1 }),
    );
    const sellers = found.slice(0, SELLERS_A_PAGE);
    const main = sellersPage({ input, sellers, hasNext: found.length > sellers.length, today });
    return c.html(layout({ title: 'Sellers', viewer: c.get('viewer'), section: 'sellers', main }));
  });
  app.get('/admin/sellers/:username', (c) => {
    const query = pageQuery(c);
    return answer(c, db, query, c.req.param('username'));
  });
  app.get('/admin/seller', (c) => {
    const query = pageQuery(c);
    return answer(c, db, query, query.required('name'));
  });
}

async function answer(c: PageContext, db: Kysely<Database>, query: QueryString, username: string) {
  c.set('back', backToSeller(username));
  const period = readPeriod(query);
  query.finish();
  if (!mayBeStored(username)) throw noSuchSeller(username);
  const [seller, lastOrders, keys] = await Promise.all([
    asking(c, () => findSellerFigures(db, username, period, dayOf(Date.now()))),
    asking(c, () => listLastOrders(db, username, LAST_ORDERS)),
    asking(c, () =>
      listKeys<KeyStory>(db, username, { limit: KEYS_SHOWN + 1, columns: STORY_COLUMNS }),
    ),
  ]);
  if (!seller) throw noSuchSeller(username);
  const main = sellerPage({ seller, period, periods: PERIODS, lastOrders, keys });
  return c.html(
    layout({ title: seller.username, viewer: c.get('viewer'), section: 'sellers', main }),
  );
}

const noSuchSeller = (username: string) =>
  new Problem(404, { detail: `There is no seller called ${username}.` });

function readPeriod(query: QueryString): number {
  const text = query.one('days') ?? String(DEFAULT_PERIOD);
  const period = PERIODS.find((days) => String(days) === text);
  if (period === undefined)
    query.fail('days', 'invalid_choice', `Days may be ${PERIODS.join(', ')}.`);
  return period ?? DEFAULT_PERIOD;
}
