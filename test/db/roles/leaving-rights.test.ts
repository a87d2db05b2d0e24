import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyRoles } from '../../../db/roles/apply-roles.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';

const test = useEmptyDatabase();
beforeEach(async () => {
  await applyRoles(test.db, []); // a clone has not its template's rights on the database itself
  await test.pg.query(`
    INSERT INTO users (username) VALUES ('seller');
    INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256)
      SELECT 'key', id, 'erp', 'stats:read', sha256('') FROM users`);
});

describe('a right that a release takes away', () => {
  const keyIds = () => sql`SELECT id FROM seller_keys`.execute(test.connectAs('stats'));
  const refused = expect.objectContaining({ message: expect.stringContaining('42501') });

  it('is left to the functions of the release before, and taken by the next', async () => {
    await expect(keyIds()).rejects.toEqual(refused);
    await applyRoles(test.db, [], {
      leaving: { stats: { tables: { seller_keys: { SELECT: ['id'] } } } },
    });
    expect((await keyIds()).rows).toHaveLength(1);
    await applyRoles(test.db, []);
    await expect(keyIds()).rejects.toEqual(refused);
  });

  it('is left to the functions of a later release that an earlier one replaces', async () => {
    await test.pg.query('GRANT SELECT (id) ON seller_keys TO stats');
    await applyRoles(test.db, [], { addsOnly: true });
    expect((await keyIds()).rows).toHaveLength(1);
    await applyRoles(test.db, []);
    await expect(keyIds()).rejects.toEqual(refused);
  });
});
