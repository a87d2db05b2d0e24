import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import {
  findSellerKey,
  KeyNotActiveError,
  rotateKey,
  type SellerKey,
} from '../../../db/keys/seller-keys.ts';
import type { Database } from '../../../db/schema.ts';
import type { KeyEnvironment } from '../../shared/env.ts';
import { generateKey } from '../../shared/key-format.ts';
import { logger } from '../../shared/logger.ts';
import { backToSeller, sellerAddress } from '../../shared/pages/addresses.ts';
import { asking, doerOf, writing } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { layout } from '../../shared/pages/layout.ts';
import { conflict, keyIdOf, noSuchKey, notActive } from '../errors.ts';
import { DEFAULT_OVERLAP_HOURS, parseRotation } from '../input.ts';
import { keySummary } from './key-summary.ts';
import { newKeyPage } from './new-key-page.ts';

/** How long the old key may work beside the new one. */
const OVERLAPS = [
  [0, 'not at all: the old key is refused from now on, within a minute where it was just in use'],
  [1, 'an hour'],
  [DEFAULT_OVERLAP_HOURS, 'a day'],
  [7 * 24, 'a week'],
  [30 * 24, 'thirty days'],
] as const;

export function addRotatePages(
  app: Hono<PagesEnv>,
  {
    db,
    clock,
    environment,
  }: { db: Kysely<Database>; clock: DatabaseClock; environment: KeyEnvironment },
): void {
  app.get('/admin/keys/:id/rotate', async (c) => {
    const id = keyIdOf(c.req.param('id'));
    const key = await asking(c, () => findSellerKey(db, id));
    if (!key) throw noSuchKey();
    c.set('back', backToSeller(key.user));
    if (key.replaced_by) throw notActive(new KeyNotActiveError(key.id, 'replaced'));
    if (key.state !== 'active') throw notActive(new KeyNotActiveError(key.id, key.state));
    return c.html(
      layout({ title: 'Rotate this key?', viewer: c.get('viewer'), main: rotatePage(key) }),
    );
  });

  app.post('/admin/keys/:id/rotate', async (c) => {
    const oldId = keyIdOf(c.req.param('id'));
    const form = new URLSearchParams(await c.req.text());
    const { overlap_hours } = parseRotation(typedRotation(form.get('overlap_hours') ?? ''));
    const { key, ...stored } = generateKey(environment);
    const rotated = await writing(c, clock, (limit) =>
      rotateKey(db, oldId, stored, overlap_hours, doerOf(c), limit),
    ).catch(async (error) => {
      const old = await asking(c, () => findSellerKey(db, oldId));
      if (old) c.set('back', backToSeller(old.user));
      return conflict(error);
    });
    if (!rotated) throw noSuchKey();
    const { created, replaced } = rotated;
    const viewer = c.get('viewer');
    logger.info('key rotated', {
      key_id: oldId,
      seller: created.user,
      replaced_by: created.id,
      caller: viewer,
    });
    const main = newKeyPage({ key, created, replaced });
    return c.html(layout({ title: 'The new key', viewer, main }), 201);
  });
}

/** Only digits are a number here: a blank would else mean no hour at all. */
function typedRotation(hours: string): { overlap_hours?: number } {
  if (hours === '') return {};
  return { overlap_hours: /^\d+$/.test(hours) ? Number(hours) : Number.NaN };
}

function rotatePage(key: SellerKey): Html {
  return html`<div class="narrow">
<h1>Rotate this key?</h1>
<p class="lead">A new key comes in its place, for the same seller, with the same label and scopes.</p>
<form class="card pad form" method="post" action="/admin/keys/${key.id}/rotate">
  ${keySummary(key)}
  <div><label for="overlap_hours">The old key works beside it for</label>
    <select id="overlap_hours" name="overlap_hours">${OVERLAPS.map(
      ([hours, text]) =>
        html`<option value="${hours}"${hours === DEFAULT_OVERLAP_HOURS && html` selected`}>${text}</option>`,
    )}</select>
    <p class="hint">As long as the seller’s systems need to take over the new one.</p></div>
  <p class="actions"><button class="primary">Rotate key</button>
    <a class="button" href="${sellerAddress(key.user)}">Cancel</a></p>
</form>
</div>`;
}
