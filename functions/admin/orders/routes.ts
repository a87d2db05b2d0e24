import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { lookUp, ordersAnywhere } from '../../../db/admin/lookup.ts';
import { findKnownWords } from '../../../db/admin/nearest-words.ts';
import { findOrder, listOrderLines } from '../../../db/admin/order.ts';
import { countOrders, isCountable, noCounts } from '../../../db/admin/order-counts.ts';
import { findOrderHistory } from '../../../db/admin/order-history.ts';
import { listOrders } from '../../../db/admin/orders-list.ts';
import { dayOf } from '../../../db/days.ts';
import type { Database } from '../../../db/schema.ts';
import { asking } from '../../shared/pages/app.ts';
import { chosenBy } from '../../shared/pages/chosen-by.ts';
import type { PageContext, PagesEnv } from '../../shared/pages/context.ts';
import type { Html } from '../../shared/pages/html.ts';
import { layout } from '../../shared/pages/layout.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import { withoutEmpty } from '../../shared/pages/without-empty.ts';
import { Problem } from '../../shared/problem.ts';
import { addExports } from './export/routes.ts';
import type { FoundOrders } from './found-orders.ts';
import { type ListInput, parseListInput } from './input.ts';
import { ORDERS_A_PAGE, ordersPage, refusedPage } from './list-page.ts';
import { missingPhrases } from './nearest.ts';
import { LINES_A_PAGE, orderPage } from './order-page.ts';

export function addOrderPages(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  app.get('/admin/orders', async (c) => {
    const shorter = withoutEmpty(c.req.url);
    if (shorter) return c.redirect(shorter);
    const input = parseListInput(new URL(c.req.url).searchParams);
    if (Object.keys(input.errors).length > 0) return answer(c, 'Orders', refusedPage(input), 400);
    const found = await asking(c, () => findOrders(db, input));
    return answer(c, 'Orders', ordersPage(input, { ...found, chosenBy: chosenBy(c) }));
  });

  addExports(app, db);

  app.get('/admin/orders/:number{.+}', (c) => showOrder(c, c.req.param('number')));
  app.get('/admin/order', (c) => showOrder(c, c.req.query('number') ?? ''));

  async function showOrder(c: PageContext, number: string) {
    const afterLine = Number(c.req.query('after_line') ?? '0');
    if (!Number.isInteger(afterLine) || afterLine < 0 || afterLine > 2 ** 31) {
      throw new Problem(400, { detail: 'The address of these items is not complete.' });
    }
    const [order, lines, history] = mayBeStored(number)
      ? await asking(c, () =>
          Promise.all([
            findOrder(db, number),
            listOrderLines(db, number, { afterLine, limit: LINES_A_PAGE }),
            findOrderHistory(db, number),
          ]),
        )
      : [undefined, [], undefined];
    if (!order) {
      throw new Problem(404, {
        detail: `There is no order with the number “${number}”. Perhaps it was typed differently: search for its beginning.`,
      });
    }
    return answer(c, `Order ${number}`, orderPage(order, lines, afterLine, history));
  }
}

/** What a list page needs, in at most three calls of the Data API. */
async function findOrders(
  db: Kysely<Database>,
  { filter, sort, start }: ListInput,
): Promise<FoundOrders> {
  const lookup = await lookUp(db, filter);
  const listing = listOrders(db, { filter, lookup, sort, start, limit: ORDERS_A_PAGE });
  const found = { isCountable: isCountable(filter), lookup, today: dayOf(Date.now()) };
  if (filter.q) {
    const page = await listing;
    const { isPart } = lookup.ordersByWords;
    if (page.orders.length === 0 && !start && !isPart && ordersAnywhere(lookup) === 0) {
      const missing = missingPhrases(await findKnownWords(db, filter.q));
      return { ...found, page, counts: noCounts(filter), missing };
    }
  }
  const [page, counts] = await Promise.all([listing, countOrders(db, filter, lookup)]);
  return { ...found, page, counts };
}

function answer(c: PageContext, title: string, main: Html, status: 200 | 400 = 200) {
  return c.html(layout({ title, viewer: c.get('viewer'), section: 'orders', main }), status);
}
