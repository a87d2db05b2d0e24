import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { findOrder, listOrderLines } from '../../../db/admin/order.ts';
import { findOrderHistory } from '../../../db/admin/order-history.ts';
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
import { findOrders } from './find-orders.ts';
import { parseListInput } from './input.ts';
import { ordersPage, refusedPage } from './list-page.ts';
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

function answer(c: PageContext, title: string, main: Html, status: 200 | 400 = 200) {
  return c.html(layout({ title, viewer: c.get('viewer'), section: 'orders', main }), status);
}
