import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { findHealth } from '../../../db/admin/health.ts';
import { required } from '../../../db/data-api/env.ts';
import { dayOf } from '../../../db/days.ts';
import type { Database } from '../../../db/schema.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { isUuid } from '../../shared/upload-id.ts';
import { NIGHTLY_AT } from '../env.ts';
import { listPage } from './list.ts';
import { nextRun } from './next-run.ts';
import { runsPage } from './runs-page.ts';
import { verdict } from './verdict.ts';

export function addRunPages(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  const nightlyAt = required(process.env, NIGHTLY_AT);
  app.get('/admin/runs', async (c) => {
    const query = pageQuery(c);
    const before = query.one('before');
    if (before && !isUuid(before)) query.fail('before', 'invalid', 'Before is no run.');
    query.finish();
    const nowMs = Date.now();
    const [list, health] = await Promise.all([
      asking(c, () => listPage(db, { before, at: nightlyAt, nowMs })),
      asking(c, () => findHealth(db, dayOf(nowMs))),
    ]);
    const main = runsPage({
      ...list,
      isFirst: before === undefined,
      next: nextRun(nightlyAt, nowMs),
      lastNight: verdict(health.night, nightlyAt, nowMs),
    });
    return c.html(
      layout({ title: 'Nightly runs', viewer: c.get('viewer'), section: 'runs', main }),
    );
  });
}
