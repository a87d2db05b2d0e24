import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import { findSellerKey, revokeKey, type SellerKey } from '../../../db/keys/seller-keys.ts';
import type { Database } from '../../../db/schema.ts';
import { logger } from '../../shared/logger.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { asking, doerOf, writing } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { layout } from '../../shared/pages/layout.ts';
import { keyIdOf, noSuchKey } from '../errors.ts';
import { keySummary } from './key-summary.ts';

export function addRevokePages(
  app: Hono<PagesEnv>,
  { db, clock }: { db: Kysely<Database>; clock: DatabaseClock },
): void {
  app.get('/admin/keys/:id/revoke', async (c) => {
    const id = keyIdOf(c.req.param('id'));
    const key = await asking(c, () => findSellerKey(db, id));
    if (!key) throw noSuchKey();
    const viewer = c.get('viewer');
    return key.state === 'revoked'
      ? c.html(layout({ title: 'Revoked', viewer, main: revokedPage(key) }))
      : c.html(layout({ title: 'Revoke this key?', viewer, main: revokePage(key) }));
  });

  app.post('/admin/keys/:id/revoke', async (c) => {
    const id = keyIdOf(c.req.param('id'));
    const revoked = await writing(c, clock, (limit) => revokeKey(db, id, doerOf(c), limit));
    if (!revoked) throw noSuchKey();
    const viewer = c.get('viewer');
    logger.info('key revoked', { key_id: revoked.id, seller: revoked.user, caller: viewer });
    return c.html(layout({ title: 'Revoked', viewer, main: revokedPage(revoked) }));
  });
}

function revokePage(key: SellerKey): Html {
  return html`<div class="narrow">
<h1>Revoke this key?</h1>
<p class="lead">Whatever uses it is refused from then on: within a minute also where it was just in use. This cannot be undone.</p>
<form class="card pad form" method="post" action="/admin/keys/${key.id}/revoke">
  ${keySummary(key)}
  <p class="actions"><button class="danger">Revoke key</button>
    <a class="button" href="${sellerAddress(key.user)}">Cancel</a></p>
</form>
</div>`;
}

function revokedPage(key: SellerKey): Html {
  return html`<div class="narrow">
<h1>The key is revoked</h1>
<div class="card pad form">
  ${keySummary(key)}
  <p class="actions"><a class="button primary" href="${sellerAddress(key.user)}">Back to the seller</a></p>
</div>
</div>`;
}
