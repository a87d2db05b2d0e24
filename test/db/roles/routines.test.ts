import { describe, expect, it } from 'vitest';
import { applyRoles } from '../../../db/roles/apply-roles.ts';
import { ROLE_NAMES } from '../../../db/roles/names.ts';
import { storeBatch } from '../../../db/uploads/store-batch.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';

const test = useEmptyDatabase();
const { name, types } = storeBatch.signature;
const OTHERS = ['e', 'd', 'c', 'b', 'a'].map((digit) => `store_batch_${digit.repeat(16)}`);

const functions = async () => {
  const { rows } = await test.pg.query<{ proname: string }>(
    `SELECT proname FROM pg_proc WHERE proname ~ '^store_batch_' ORDER BY oid DESC`,
  );
  return rows.map(({ proname }) => proname);
};

const addOthers = async () => {
  for (const other of OTHERS.toReversed()) {
    await test.pg.query(
      `CREATE OR REPLACE FUNCTION ${other}() RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
    );
  }
};

describe("a role's routines", () => {
  it('are made again where somebody has dropped them', async () => {
    await test.pg.query(`DROP FUNCTION ${name}`);
    await applyRoles(test.db, []);
    expect(await functions()).toEqual([name]);
    await applyRoles(test.db, []);
    expect(await functions()).toEqual([name]);
  });

  it('are kept of a few releases, and the role may call those, and no other role', async () => {
    await addOthers();
    await applyRoles(test.db, [], { addsOnly: true });
    expect(await functions()).toEqual([...OTHERS, name]);
    await applyRoles(test.db, []);
    const kept = OTHERS.slice(0, 3);
    expect(await functions()).toEqual([...kept, name]);
    for (const signature of [`${name}(${types})`, ...kept.map((one) => `${one}()`)]) {
      const { rows } = await test.pg.query<{ role: string }>(
        `SELECT role FROM unnest($1::text[]) AS role
         WHERE has_function_privilege(role, $2, 'EXECUTE')`,
        [ROLE_NAMES, signature],
      );
      expect(rows).toEqual([{ role: 'upload' }]);
    }
  });
});
