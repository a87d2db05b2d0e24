import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { type DeletionPreview, previewDeletion } from '../../../db/actions/deletion-preview.ts';
import { deleteOrders } from '../../../db/amend/delete-orders.ts';
import { logger } from '../../shared/logger.ts';
import { spellingsOf } from '../../shared/order-numbers.ts';
import { backToSeller } from '../../shared/pages/addresses.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PageContext, PagesEnv } from '../../shared/pages/context.ts';
import type { Html } from '../../shared/pages/html.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import { Problem } from '../../shared/problem.ts';
import { amend } from '../amend.ts';
import type { ActionsDatabase } from '../database.ts';
import { CHANGED_MEANWHILE, SENT_BEFORE } from '../notices.ts';
import { deletedPage, deletionPage } from './deletion-pages.ts';
import { readDeletion } from './input.ts';

/** `/admin/actions/delete-order?number=…`; a number comes by parameter, for it may have slashes. */
export function addDeletionPages(app: Hono<PagesEnv>, { db, clock }: ActionsDatabase): void {
  const find = (c: PageContext, number: string) =>
    mayBeStored(number)
      ? asking(c, () => previewDeletion(db, spellingsOf(number)))
      : Promise.resolve(undefined);
  const answer = (c: PageContext, title: string, main: ReturnType<typeof deletedPage>) =>
    layout({ title, viewer: c.get('viewer'), section: 'orders', main });

  app.get('/admin/actions/delete-order', async (c) => {
    const query = pageQuery(c);
    const number = query.required('number');
    query.finish();
    const order = await find(c, number);
    if (!order)
      throw new Problem(404, { detail: `There is no order with the number “${number}”.` });
    const main = deletionPage({ order, token: randomUUID() });
    return c.html(answer(c, 'Delete this order?', main));
  });

  app.post('/admin/actions/delete-order', async (c) => {
    const { token, number, seller, ...seen } = readDeletion(await c.req.text());
    const asked = ['delete', seller, number, String(seen.id), String(seen.version)];
    const { orders_deleted, upload_id, is_replay } = await amend(
      c,
      clock,
      { token, asked },
      (request, limit) => deleteOrders(db, seller, [[number]], request, limit, seen),
    );
    if (upload_id !== null && orders_deleted > 0) {
      if (!is_replay) logger.info('order deleted', { upload_id });
      const since = is_replay ? await find(c, number) : undefined;
      if (since?.order_number === number) return askAgain(c, since, SENT_BEFORE);
      return c.html(answer(c, 'Deleted', deletedPage({ number, seller, uploadId: upload_id })));
    }
    const order = await find(c, number);
    if (!order) {
      c.set('back', backToSeller(seller));
      throw new Problem(409, { detail: 'The order is not there any more. Nothing was done.' });
    }
    return askAgain(c, order, CHANGED_MEANWHILE);
  });

  function askAgain(c: PageContext, order: DeletionPreview, notice: Html) {
    const main = deletionPage({ order, token: randomUUID(), notice });
    return c.html(answer(c, 'Delete this order?', main), 409);
  }
}
