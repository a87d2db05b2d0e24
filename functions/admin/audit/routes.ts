import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { listLines } from '../../../db/audit/list-lines.ts';
import type { Database } from '../../../db/schema.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { withoutEmpty } from '../../shared/pages/without-empty.ts';
import { auditPage } from './audit-page.ts';
import { readAuditInput } from './input.ts';

const PAGE_SIZE = 50;

export function addAuditPage(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  app.get('/admin/audit', async (c) => {
    const shorter = withoutEmpty(c.req.url);
    if (shorter) return c.redirect(shorter);
    const query = pageQuery(c);
    const input = readAuditInput(query);
    query.finish();
    const found = await asking(c, () => listLines(db, { ...input, limit: PAGE_SIZE + 1 }));
    const lines = found.slice(0, PAGE_SIZE);
    const main = auditPage({ input, lines, hasOlder: found.length > lines.length });
    return c.html(layout({ title: 'Audit log', viewer: c.get('viewer'), section: 'audit', main }));
  });
}
