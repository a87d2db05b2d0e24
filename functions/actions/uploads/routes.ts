import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { previewUndo } from '../../../db/actions/undo-preview.ts';
import {
  UndoPlanChangedError,
  UploadNotFoundError,
  UploadTooOldError,
  undoUpload,
} from '../../../db/amend/undo-upload.ts';
import { logger } from '../../shared/logger.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PageContext, PagesEnv } from '../../shared/pages/context.ts';
import type { Html } from '../../shared/pages/html.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { isUuid, noSuchUpload } from '../../shared/upload-id.ts';
import { amend } from '../amend.ts';
import type { ActionsDatabase } from '../database.ts';
import { CHANGED_MEANWHILE, SENT_BEFORE } from '../notices.ts';
import { readUndoing } from './input.ts';
import { canBeUndone, undonePage, undoPage } from './undo-pages.ts';

/** `/admin/actions/undo-upload?id=…` */
export function addUndoPages(app: Hono<PagesEnv>, { db, clock }: ActionsDatabase): void {
  app.get('/admin/actions/undo-upload', async (c) => {
    const query = pageQuery(c);
    const id = query.required('id');
    query.finish();
    return ask(c, id);
  });

  app.post('/admin/actions/undo-upload', async (c) => {
    const { token, id, seller, seen } = readUndoing(await c.req.text());
    try {
      const outcome = await amend(
        c,
        clock,
        { token, asked: ['undo', seller, id, seen] },
        (request, limit) => undoUpload(db, seller, id, request, { seen }, limit),
      );
      const { upload_id, left_alone: _, is_replay, ...figures } = outcome;
      // Nothing was left to do, since the page that asks has a button.
      if (upload_id === null) return ask(c, id, CHANGED_MEANWHILE);
      if (is_replay && !(await isInEffect(c, upload_id))) return ask(c, id, SENT_BEFORE);
      if (!is_replay) logger.info('upload undone', { undone: id, upload_id, ...figures });
      return answer(c, 'Undone', undonePage({ id, seller, outcome }));
    } catch (error) {
      if (error instanceof UploadNotFoundError) throw noSuchUpload(error);
      const isOtherwise =
        error instanceof UndoPlanChangedError || error instanceof UploadTooOldError;
      if (!isOtherwise) throw error;
      return ask(c, id, CHANGED_MEANWHILE);
    }
  });

  async function ask(c: PageContext, id: string, notice?: Html) {
    const upload = isUuid(id) ? await asking(c, () => previewUndo(db, id)) : undefined;
    if (!upload) throw noSuchUpload();
    const main = undoPage({ id, upload, token: randomUUID(), notice });
    return answer(c, 'Undo this?', main, notice ? 409 : 200);
  }

  /** Whether anything is still as the undoing with this receipt has left it. */
  async function isInEffect(c: PageContext, receipt: string) {
    const undoing = await asking(c, () => previewUndo(db, receipt));
    return undoing !== undefined && canBeUndone(undoing);
  }

  function answer(
    c: PageContext,
    title: string,
    main: ReturnType<typeof undoPage>,
    status: 200 | 409 = 200,
  ) {
    return c.html(layout({ title, viewer: c.get('viewer'), section: 'uploads', main }), status);
  }
}
