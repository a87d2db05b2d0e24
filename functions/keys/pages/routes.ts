import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import type { Database } from '../../../db/schema.ts';
import { keyEnvironment } from '../../shared/key-format.ts';
import { pagesApp } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { sameOriginForms } from '../../shared/pages/same-origin-forms.ts';
import { addCreatePages } from './create.ts';
import { addRevokePages } from './revoke.ts';
import { addRotatePages } from './rotate.ts';

/**
 * The pages on which people make, rotate and revoke sellers' keys, each with one that asks first.
 */
export function keyPages(db: Kysely<Database>, clock: DatabaseClock): Hono<PagesEnv> {
  const environment = keyEnvironment();
  const app = pagesApp();
  app.use(sameOriginForms());
  addCreatePages(app, { db, clock, environment });
  addRotatePages(app, { db, clock, environment });
  addRevokePages(app, { db, clock });
  return app;
}
