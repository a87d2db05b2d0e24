import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import type { Database } from '../../../db/schema.ts';
import { findSellerHoldings, type SellerHoldings } from '../../../db/sellers/find-seller.ts';
import { noSuchSeller } from '../../shared/no-such-seller.ts';
import { asking, doerOf, pagesApp, writing } from '../../shared/pages/app.ts';
import type { PageContext, PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { readForm } from '../../shared/pages/read-form.ts';
import { sameOriginForms } from '../../shared/pages/same-origin-forms.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import { Problem } from '../../shared/problem.ts';
import { eraseForAWhile } from '../erase-for-a-while.ts';
import { erasedPage, erasePage, goOnPage } from './erase-pages.ts';

const NOBODY = 'Nobody has this name any more: that seller is erased. Nothing was done now.';

/**
 * `/admin/erase-seller?name=…` asks before all that there is of a seller is deleted. That takes
 * longer than a request may: the page that follows has a button that goes on.
 */
export function sellerPages(db: Kysely<Database>, clock: DatabaseClock): Hono<PagesEnv> {
  const app = pagesApp();
  app.use(sameOriginForms());

  app.get('/admin/erase-seller', async (c) => {
    const query = pageQuery(c);
    const user = query.required('name');
    query.finish();
    const seller = await find(c, user);
    if (!seller) throw noSuchSeller();
    return answer(c, 'Erase this seller?', erasePage({ user, seller }));
  });

  app.post('/admin/erase-seller', async (c) => {
    const { user, id, confirm } = readForm(await c.req.text(), ['user', 'id', 'confirm']);
    const seller = await find(c, user);
    if (!seller) throw new Problem(409, { detail: NOBODY });
    // A name is free again when its seller is erased: the form is about that one alone.
    if (String(seller.id) !== id) {
      const main = erasePage({ user, seller, isAnother: true });
      return answer(c, 'Erase this seller?', main, 409);
    }
    if (confirm !== user) {
      const main = erasePage({ user, seller, isMistyped: true });
      return answer(c, 'Erase this seller?', main, 400);
    }
    const erased = await eraseForAWhile(
      db,
      { id: seller.id, user },
      {
        by: doerOf(c),
        writing: (work) => writing(c, clock, work),
        leftMs: () => c.env.context.getRemainingTimeInMillis(),
      },
    );
    return erased.done
      ? answer(c, 'Erased', erasedPage(erased))
      : answer(c, 'Erasing', goOnPage({ user, id: seller.id, erased }));
  });

  async function find(c: PageContext, user: string): Promise<SellerHoldings | undefined> {
    return mayBeStored(user) ? asking(c, () => findSellerHoldings(db, user)) : undefined;
  }

  function answer(
    c: PageContext,
    title: string,
    main: ReturnType<typeof erasePage>,
    status: 200 | 400 | 409 = 200,
  ) {
    return c.html(layout({ title, viewer: c.get('viewer'), section: 'sellers', main }), status);
  }

  return app;
}
