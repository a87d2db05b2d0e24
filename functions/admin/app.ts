import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { pagesApp } from '../shared/pages/app.ts';
import type { PagesEnv } from '../shared/pages/context.ts';
import { addAuditPage } from './audit/routes.ts';
import { addKeysPage } from './keys/routes.ts';
import { addOrderPages } from './orders/routes.ts';
import { addOverviewPage } from './overview/routes.ts';
import { addRunPages } from './runs/routes.ts';
import { addSellerPages } from './sellers/routes.ts';
import { addUploadPages } from './uploads/routes.ts';

/** The admin's pages, by their addresses. */
export function adminApp(db: Kysely<Database>): Hono<PagesEnv> {
  const app = pagesApp();
  addOverviewPage(app, db);
  addOrderPages(app, db);
  addSellerPages(app, db);
  addUploadPages(app, db);
  addRunPages(app, db);
  addAuditPage(app, db);
  addKeysPage(app, db);
  return app;
}
