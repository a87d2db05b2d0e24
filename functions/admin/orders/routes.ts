import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { listNewestOrders } from '../../../db/admin/orders-list.ts';
import type { Database } from '../../../db/schema.ts';
import { asking, type PagesEnv } from '../../shared/pages/app.ts';
import { layout } from '../../shared/pages/layout.ts';
import { ordersPage } from './list-page.ts';

export function addOrderPages(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  app.get('/admin/orders', async (c) => {
    const orders = await asking(c, () => listNewestOrders(db));
    const main = ordersPage(orders);
    return c.html(layout({ title: 'Orders', viewer: c.get('viewer'), section: 'orders', main }));
  });
}
