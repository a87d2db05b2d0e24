import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { listRefusals } from '../../../db/admin/refusals-list.ts';
import { findSellerName } from '../../../db/admin/sellers-found.ts';
import { findUpload } from '../../../db/admin/upload.ts';
import { listUploads } from '../../../db/admin/uploads-list.ts';
import type { Database } from '../../../db/schema.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { mayBeStored } from '../../shared/pages/stored-text.ts';
import { Problem } from '../../shared/problem.ts';
import { isUuid } from '../../shared/upload-id.ts';
import { uploadsPage } from './list-page.ts';
import { REFUSALS_SHOWN } from './refusals-card.ts';
import { uploadPage } from './upload-page.ts';

const PAGE_SIZE = 50;

export function addUploadPages(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  app.get('/admin/uploads', async (c) => {
    const query = pageQuery(c);
    const typed = query.one('seller') || undefined;
    if (typed && !mayBeStored(typed)) query.fail('seller', 'invalid', 'No seller is called so.');
    const before = query.one('before') || undefined;
    if (before && !isUuid(before)) query.fail('before', 'invalid', 'Before is no upload.');
    query.finish();
    const isFirst = before === undefined;
    const [name, found, refusals] = await Promise.all([
      typed && asking(c, () => findSellerName(db, typed)),
      asking(c, () => listUploads(db, { seller: typed, before, limit: PAGE_SIZE + 1 })),
      isFirst ? asking(c, () => listRefusals(db, { seller: typed, limit: REFUSALS_SHOWN })) : [],
    ]);
    const seller = typed === undefined ? undefined : { typed, name };
    const uploads = found.slice(0, PAGE_SIZE);
    const hasOlder = found.length > uploads.length;
    const main = uploadsPage({ uploads, refusals, seller, isFirst, hasOlder });
    return c.html(layout({ title: 'Uploads', viewer: c.get('viewer'), section: 'uploads', main }));
  });

  app.get('/admin/uploads/:id', async (c) => {
    const id = c.req.param('id');
    const upload = isUuid(id) ? await asking(c, () => findUpload(db, id)) : undefined;
    if (!upload) throw new Problem(404, { detail: 'There is no upload with this id.' });
    const main = uploadPage(upload);
    return c.html(layout({ title: 'Upload', viewer: c.get('viewer'), section: 'uploads', main }));
  });
}
