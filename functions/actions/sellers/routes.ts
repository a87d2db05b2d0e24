import type { Hono } from 'hono';
import { changeNote, findNote, type SellerNote } from '../../../db/actions/seller-note.ts';
import { logger } from '../../shared/logger.ts';
import { noSuchSeller } from '../../shared/no-such-seller.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { asking, doerOf, writing } from '../../shared/pages/app.ts';
import type { PageContext, PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import type { ActionsDatabase } from '../database.ts';
import { noteFault, readNote } from './input.ts';
import { notePage } from './note-page.ts';

/** `/admin/actions/seller-note?name=…` */
export function addNotePages(app: Hono<PagesEnv>, { db, clock }: ActionsDatabase): void {
  app.get('/admin/actions/seller-note', async (c) => {
    const query = pageQuery(c);
    const name = query.required('name');
    query.finish();
    const stored = await find(c, name);
    return answer(c, notePage({ stored, typed: stored.note }), 200);
  });

  app.post('/admin/actions/seller-note', async (c) => {
    const { name, note, seen } = readNote(await c.req.text());
    const fault = noteFault(note);
    if (fault !== undefined) {
      const stored = { ...(await find(c, name)), fingerprint: seen };
      return answer(c, notePage({ stored, typed: note, fault }), 400);
    }
    const isChanged = await writing(c, clock, (limit) =>
      changeNote(db, name, { note, seen }, doerOf(c), limit),
    );
    if (!isChanged) {
      // An earlier try, or the same form sent before, may have changed it.
      const stored = await find(c, name);
      if (stored.note !== note) {
        return answer(c, notePage({ stored, typed: note, isChanged: true }), 409);
      }
    }
    logger.info('note changed', { seller: name });
    return c.redirect(sellerAddress(name), 303);
  });

  async function find(c: PageContext, name: string): Promise<SellerNote> {
    const stored = mayBeStored(name) ? await asking(c, () => findNote(db, name)) : undefined;
    if (!stored) throw noSuchSeller();
    return stored;
  }

  function answer(c: PageContext, main: ReturnType<typeof notePage>, status: 200 | 400 | 409) {
    const page = layout({ title: 'Note', viewer: c.get('viewer'), section: 'sellers', main });
    return c.html(page, status);
  }
}
