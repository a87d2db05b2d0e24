import type { Context, Hono } from 'hono';
import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import { listNearSellers } from '../../../db/keys/near-sellers.ts';
import { createKey, findUsername, hasSecret } from '../../../db/keys/seller-keys.ts';
import type { Database } from '../../../db/schema.ts';
import { SCOPES } from '../../routes.ts';
import type { KeyEnvironment } from '../../shared/env.ts';
import { generateKey, isKeyId } from '../../shared/key-format.ts';
import { logger } from '../../shared/logger.ts';
import { backToSeller } from '../../shared/pages/addresses.ts';
import { asking, doerOf, writing } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { Problem } from '../../shared/problem.ts';
import { conflict } from '../errors.ts';
import { type ConfirmPage, confirmPage, formPage } from './create-pages.ts';
import { type KeyFormErrors, parseKeyForm, type TypedKey } from './key-form.ts';
import { newKeyPage } from './new-key-page.ts';

/**
 * A form, a page that asks, and the key. The id of the key is in the page that asks: a form that is
 * sent twice makes one key, and the second answer does not show a secret that opens nothing.
 */
export function addCreatePages(
  app: Hono<PagesEnv>,
  {
    db,
    clock,
    environment,
  }: { db: Kysely<Database>; clock: DatabaseClock; environment: KeyEnvironment },
): void {
  const parseForm = (c: Context<PagesEnv>, typed: TypedKey) =>
    parseKeyForm(typed, (user) => asking(c, () => findUsername(db, user)));

  const refuse = (c: Context<PagesEnv>, typed: TypedKey, errors: KeyFormErrors) => {
    const main = formPage(typed, errors);
    return c.html(layout({ title: 'New key', viewer: c.get('viewer'), main }), 400);
  };
  const confirm = async (
    c: Context<PagesEnv>,
    asked: Omit<ConfirmPage, 'near'>,
    status: 200 | 400 = 200,
  ) => {
    const near = asked.isNewSeller
      ? await asking(c, () => listNearSellers(db, asked.typed.user))
      : [];
    const main = confirmPage({ ...asked, near });
    return c.html(layout({ title: 'Create this key?', viewer: c.get('viewer'), main }), status);
  };

  app.get('/admin/keys/new', (c) => {
    const { searchParams } = new URL(c.req.url);
    const typed: TypedKey = searchParams.has('label')
      ? typedKey(searchParams)
      : {
          user: searchParams.get('user') ?? '',
          label: '',
          scopes: [...SCOPES],
          last_day: '',
          new_seller: '',
        };
    const main = formPage(typed, {});
    return c.html(layout({ title: 'New key', viewer: c.get('viewer'), main }));
  });

  app.get('/admin/keys/new/confirm', async (c) => {
    const typed = typedKey(new URL(c.req.url).searchParams);
    const { request, isNewSeller = false, errors } = await parseForm(c, typed);
    if (!request) return refuse(c, typed, errors);
    const { id } = generateKey(environment);
    return confirm(c, { typed: { ...typed, user: request.user }, isNewSeller, id });
  });

  app.post('/admin/keys/new', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const typed = typedKey(form);
    const { request, isNewSeller = false, errors } = await parseForm(c, typed);
    const viewer = c.get('viewer');
    const id = form.get('id') ?? '';
    if (!request || !isKeyId(id)) return refuse(c, typed, errors);
    if (isNewSeller && typed.new_seller !== request.user) {
      return confirm(c, { typed: { ...typed, user: request.user }, isNewSeller, id }, 400);
    }
    const { key, ...stored } = generateKey(environment, id);
    const created = await writing(c, clock, (limit) =>
      createKey(db, { ...request, ...stored }, doerOf(c), limit),
    ).catch((error) => {
      c.set('back', backToSeller(request.user));
      return conflict(error);
    });
    if (!(await asking(c, () => hasSecret(db, stored)))) {
      c.set('back', backToSeller(created.user));
      throw new Problem(409, {
        detail: `This form was sent before: the key ${id} is there, and its secret was shown then. Revoke it if nobody has it.`,
      });
    }
    logger.info('key created', { key_id: id, seller: created.user, caller: viewer });
    const main = newKeyPage({ key, created });
    return c.html(layout({ title: 'The new key', viewer, main }), 201);
  });
}

const typedKey = (form: URLSearchParams): TypedKey => ({
  user: shownAgain(form.get('user') ?? ''),
  label: shownAgain(form.get('label')?.trim() ?? ''),
  scopes: form.getAll('scope'),
  last_day: shownAgain(form.get('last_day')?.trim() ?? ''),
  new_seller: form.get('new_seller') ?? '',
});

/**
 * What is too long to be stored is cut, still too long,
 * before it makes the page too long to be sent.
 */
function shownAgain(text: string): string {
  return text.slice(0, MAX_SHOWN).toWellFormed();
}

const MAX_SHOWN = 1_000;
