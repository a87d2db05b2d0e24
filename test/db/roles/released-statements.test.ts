import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readReleasedRoles } from '../../../cli/review/released.ts';
import { applyRoles } from '../../../db/roles/apply-roles.ts';
import { ROLE_NAMES } from '../../../db/roles/names.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { findRefusal, prepareAs } from '../../helpers/explain-as.ts';

// While a deploy runs, and after it was taken back, the functions of the release before work on the
// schema and with the rights of this one.

const RELEASED = readReleasedRoles();
const roles = ROLE_NAMES.filter((role) => RELEASED[role]); // one that is gone has no rights to keep

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await applyRoles(test.db, []); // with what is leaving
});
afterAll(() => test.drop());

const statementsOf = (role: string) => RELEASED[role]?.statements ?? [];

describe('the functions of the release before', () => {
  it('are known', () => {
    expect(roles.length).toBeGreaterThan(0);
    expect(roles.filter((role) => statementsOf(role).length === 0)).toEqual([]);
  });

  it.each(roles)('may still do all that they did: %s', async (role) => {
    const prepared = await prepareAs(test.pg, role, statementsOf(role));
    expect(await findRefusal(test.pg, role, prepared)).toBeUndefined();
  });

  it.each(roles)('may still call what is only called while a statement runs: %s', async (role) => {
    const functions = RELEASED[role]?.functions ?? [];
    const { rows } = await test.pg.query(
      `SELECT signature FROM unnest($2::text[]) AS signature
       WHERE NOT has_function_privilege($1, signature, 'EXECUTE')`,
      [role, functions],
    );
    expect(rows).toEqual([]);
  });

  it('would be missed by who takes a right from them that they need, or a column', async () => {
    const prepared = await prepareAs(test.pg, 'stats', statementsOf('stats'));
    const reasonAfter = async (change: string) =>
      (await findRefusal(test.pg, 'stats', prepared, change))?.reason;
    const others =
      'GRANT SELECT (user_id, day, status, orders_count) ON daily_order_stats TO stats';
    const lessAColumn = `REVOKE SELECT ON daily_order_stats FROM stats; ${others}`;
    expect(await reasonAfter(lessAColumn)).toBe('permission denied for table daily_order_stats');
    const renamed = 'ALTER TABLE daily_order_stats RENAME total_revenue TO revenue';
    expect(await reasonAfter(renamed)).toBe('column s.total_revenue does not exist');
  });
});
