import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STORY_COLUMNS } from '../../../db/admin/key-stories.ts';
import {
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

/** All pages of a list, one after the other. */
async function allPages(
  list: (after: string | undefined) => Promise<{ id: string }[] | undefined>,
): Promise<string[]> {
  const seen: string[] = [];
  for (;;) {
    const page = (await list(seen.at(-1))) ?? [];
    if (page.length === 0) return seen;
    seen.push(...page.map(({ id }) => id));
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
    const middle = await allPages((after) => listAllKeys(test.db, { after, limit: 100 }));
    for (const after of [undefined, middle[20], middle[150], middle[260]]) {
      const query = { after, limit: 11, columns: STORY_COLUMNS };
      const { wholeTables, rows } = await readsOf(planning, listAllKeysStatement(query));
      expect(wholeTables).toEqual([]);
      expect(rows).toBeLessThan(300 + 11 * 5);
    }
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
