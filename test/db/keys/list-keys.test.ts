import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORY_COLUMNS } from '../../../db/admin/key-stories.ts';
import { type KeyPlace, parseKeyPlace } from '../../../db/keys/key-place.ts';
import {
  type ListedKey,
  listAllKeys,
  listAllKeysStatement,
  listKeys,
  listKeysStatement,
} from '../../../db/keys/list-keys.ts';
import type { Database } from '../../../db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

let test: TestDatabase;
let planning: Kysely<Database>;

/**
 * Three hundred keys of three sellers: most never end, a tenth ends on one of three days, a tenth
 * has expired on one, and a tenth was revoked in one moment.
 */
beforeAll(async () => {
  test = await createTestDatabase();
  planning = connectPlanningAs('admin', test.url);
  await test.pg.query(`
    INSERT INTO users (username) VALUES ('a'), ('b'), ('c'), ('none');
    INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, created_at, expires_at, revoked_at)
    SELECT 'key' || lpad((n * 7919 % 1000)::text, 9, '0'), u.id, 'erp', 'stats:read', sha256(''),
      '2020-01-01'::timestamptz + (n / 20) * interval '1 hour',
      CASE n % 10 WHEN 1 THEN '2999-01-01'::timestamptz + n % 3 * interval '1 day'
        WHEN 2 THEN '2021-01-01'::timestamptz + n % 3 * interval '1 day' END,
      CASE n % 10 WHEN 3 THEN '2022-01-01'::timestamptz END
    FROM users AS u, generate_series(1, 300) AS n
    WHERE u.username = chr(97 + n % 3);
    INSERT INTO audit_log (actor, action, seller_id, target, request_id)
    SELECT 'arn:x', 'key.create', user_id, id, 'r' FROM seller_keys;
    ANALYZE`);
});
afterAll(async () => {
  await planning.destroy();
  await test.drop();
});

type List = (after: KeyPlace | undefined) => Promise<(ListedKey & { id: string })[] | undefined>;

/** All pages of a list, one after the other. */
async function allPages(list: List): Promise<string[]> {
  const seen: string[] = [];
  let after: KeyPlace | undefined;
  for (;;) {
    const page = (await list(after)) ?? [];
    if (page.length === 0) return seen;
    seen.push(...page.map(({ id }) => id));
    after = parseKeyPlace(page.at(-1)!.place);
    expect(after).toBeDefined();
  }
}

const ids = async (query: string) =>
  (await test.pg.query<{ id: string }>(query)).rows.map(({ id }) => id);
const END = `coalesce(least(revoked_at, expires_at), 'infinity')`;

describe('listAllKeys', () => {
  it.each([
    ['all', undefined, 'true'],
    ['active', 'active', `${END} > now()`],
    ['expired', 'expired', `${END} <= now() AND revoked_at IS NULL`],
    ['revoked', 'revoked', 'revoked_at IS NOT NULL'],
  ] as const)('leads through %s keys once, those first that work and end first', async (_which, state, condition) => {
    const expected = await ids(`
      SELECT id FROM seller_keys WHERE ${condition} ORDER BY ${END} <= now(),
        CASE WHEN ${END} > now() THEN ${END} END, CASE WHEN ${END} > now() THEN created_at END DESC,
        CASE WHEN ${END} > now() THEN id END,
        ${END} DESC, created_at, id DESC`);
    expect(expected.length).toBeGreaterThan(20);
    for (const limit of [7, 100]) {
      const seen = await allPages((after) =>
        listAllKeys(test.connectAs('keys'), { state, after, limit }),
      );
      expect(seen).toEqual(expected);
    }
  });

  it('reads only what a page shows, wherever it begins', async () => {
    const all = await listAllKeys(test.db, { limit: 300 });
    for (const place of [undefined, all[20]!.place, all[150]!.place, all[260]!.place]) {
      const after = place === undefined ? undefined : parseKeyPlace(place);
      const query = { after, limit: 11, columns: STORY_COLUMNS };
      const { wholeTables, rows } = await readsOf(planning, listAllKeysStatement(query));
      expect(wholeTables).toEqual([]);
      expect(rows).toBeLessThan(300 + 11 * 5);
    }
  });
});

describe('parseKeyPlace', () => {
  const AT = '2025-11-12 10:00:00.000000';
  it.each([
    '',
    'open',
    `open_never_${AT}_key`,
    `shut_${AT}_${AT}_key`,
    `open_${AT}_2025-02-30 10:00:00.000000_key`,
    `open_${AT}_2025-11-12 24:00:00.000000_key`,
    `open_${AT}_${AT}_`,
    `open_${AT}_${AT}_key_more`,
    `open_${AT} foo_${AT}_key`,
    `open_${AT}_${AT} PST_key`,
  ])('takes no %j', (text) => {
    expect(parseKeyPlace(text)).toBeUndefined();
  });
});

describe('listKeys', () => {
  it("leads through a seller's keys once, the newest first", async () => {
    const expected = await ids(`
      SELECT k.id FROM seller_keys AS k JOIN users AS u ON u.id = user_id
      WHERE username = 'b' ORDER BY created_at DESC, k.id`);
    expect(expected).toHaveLength(100);
    for (const limit of [7, 1_000]) {
      const keys = test.connectAs('keys');
      expect(await allPages((after) => listKeys(keys, 'b', { after, limit }))).toEqual(expected);
    }
  });

  it('tells a seller without keys from nobody', async () => {
    expect(await listKeys(test.db, 'none')).toEqual([]);
    expect(await listKeys(test.db, 'nobody')).toBeUndefined();
  });

  it('reads only what a page shows', async () => {
    const query = { limit: 11, columns: STORY_COLUMNS };
    const { wholeTables, rows } = await readsOf(planning, listKeysStatement('a', query));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(1 + 11 * 4);
  });
});

describe('a page after a key', () => {
  it.each([
    ['has ended', 'UPDATE seller_keys SET revoked_at = now() WHERE id = $1'],
    ['has moved to the front', "UPDATE seller_keys SET expires_at = '2998-01-01' WHERE id = $1"],
    ['is gone', 'DELETE FROM seller_keys WHERE id = $1'],
  ])('that %s since goes on where it stood', async (_how, change) => {
    const page = (after?: KeyPlace) => listAllKeys(test.db, { state: 'active', after, limit: 20 });
    const last = (await page()).at(-1)!;
    const next = (await page(parseKeyPlace(last.place))).map(({ id }) => id);
    expect(next).toHaveLength(20);
    await test.pg.query(change, [last.id]);
    expect((await page(parseKeyPlace(last.place))).map(({ id }) => id)).toEqual(next);
    const all = await listAllKeys(test.db, { after: parseKeyPlace(last.place), limit: 300 });
    expect(all.slice(0, 20).map(({ id }) => id)).toEqual(next);
  });
});
