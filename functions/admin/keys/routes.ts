import type { Hono } from 'hono';
import type { Kysely } from 'kysely';
import { type KeyStory, STORY_COLUMNS } from '../../../db/admin/key-stories.ts';
import { parseKeyPlace } from '../../../db/keys/key-place.ts';
import { listAllKeys } from '../../../db/keys/list-keys.ts';
import type { Database } from '../../../db/schema.ts';
import { readCursor } from '../../shared/cursor.ts';
import { asking } from '../../shared/pages/app.ts';
import type { PagesEnv } from '../../shared/pages/context.ts';
import { layout } from '../../shared/pages/layout.ts';
import { pageQuery } from '../../shared/pages/page-query.ts';
import { KEY_STATES, keysPage } from './keys-page.ts';

const PAGE_SIZE = 50;

export function addKeysPage(app: Hono<PagesEnv>, db: Kysely<Database>): void {
  app.get('/admin/keys', async (c) => {
    const query = pageQuery(c);
    const typed = query.one('state');
    const state = KEY_STATES.find((each) => each === typed);
    if (typed !== undefined && !state) {
      query.fail('state', 'invalid_choice', `State may be ${KEY_STATES.join(', ')}.`);
    }
    const cursor = query.one('after');
    const after = cursor === undefined ? undefined : parseKeyPlace(readCursor(cursor) ?? '');
    if (cursor !== undefined && !after) {
      query.fail('after', 'invalid', 'The address of this page is not complete.');
    }
    query.finish();
    const found = await asking(c, () =>
      listAllKeys<KeyStory>(db, { state, after, limit: PAGE_SIZE + 1, columns: STORY_COLUMNS }),
    );
    const keys = found.slice(0, PAGE_SIZE);
    const main = keysPage({
      keys,
      state,
      isFirst: after === undefined,
      hasNext: found.length > keys.length,
    });
    return c.html(layout({ title: 'Keys', viewer: c.get('viewer'), section: 'sellers', main }));
  });
}
