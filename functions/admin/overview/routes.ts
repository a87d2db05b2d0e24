import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { findHealth } from '../../../db/admin/health.ts';
import { findOverview } from '../../../db/admin/overview.ts';
import { listUploads } from '../../../db/admin/uploads-list.ts';
import { required } from '../../../db/data-api/env.ts';
import { dayOf } from '../../../db/days.ts';
import type { Database } from '../../../db/schema.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { CANCELLED_STATUSES, NIGHTLY_AT } from '../env.ts';
import { overviewPage } from './overview-page.ts';

const UPLOADS = 10;

export function addOverviewPage(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  const nightlyAt = required(process.env, NIGHTLY_AT);
  const cancelled = JSON.parse(required(process.env, CANCELLED_STATUSES)) as string[];
  app.get('/admin', async (c) => {
    const nowMs = Date.now();
    const today = dayOf(nowMs);
    const [overview, uploads, health] = await Promise.all([
      asking(c, () => findOverview(db, today, cancelled)),
      asking(c, () => listUploads(db, { limit: UPLOADS })),
      asking(c, () => findHealth(db, today)),
    ]);
    const main = overviewPage({ overview, uploads, health, cancelled, today, nightlyAt, nowMs });
    return c.html(
      layout({ title: 'Overview', viewer: c.get('viewer'), section: 'overview', main }),
    );
  });
}
