import type { Hono } from 'hono';
import { pagesApp } from '../shared/pages/app.ts';
import type { PagesEnv } from '../shared/pages/context.ts';
import { sameOriginForms } from '../shared/pages/same-origin-forms.ts';
import type { ActionsDatabase } from './database.ts';
import { addDeletionPages } from './orders/routes.ts';
import { addNotePages } from './sellers/routes.ts';
import { addUndoPages } from './uploads/routes.ts';
import { wayBack } from './way-back.ts';

/**
 * The pages on which people act: each asks first and says what would come of it, and does nothing
 * where that is no longer so.
 */
export function actionPages(database: ActionsDatabase): Hono<PagesEnv> {
  const app = pagesApp();
  app.use(wayBack());
  app.use(sameOriginForms());
  addDeletionPages(app, database);
  addUndoPages(app, database);
  addNotePages(app, database);
  return app;
}
