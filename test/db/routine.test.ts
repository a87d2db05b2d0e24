import { type Kysely, sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataApiClient } from '../../db/data-api/client.ts';
import { connect } from '../../db/data-api/connect.ts';
import { Routine } from '../../db/routine.ts';
import type { Database } from '../../db/schema.ts';
import { useEmptyDatabase } from '../helpers/database.ts';

const test = useEmptyDatabase();
const client = new DataApiClient();
let db: Kysely<Database>;
let double: ReturnType<typeof doubling>;
beforeEach(async () => {
  db = connect(test.address, client);
  double = doubling('2');
  await sql.raw(`DROP FUNCTION IF EXISTS ${double.signature.name}`).execute(db);
});

/** A routine of a process that has not called it yet. */
const doubling = (factor: string) =>
  new Routine<{ n: 'integer' }, { product: number }>({
    name: 'double',
    parameters: { n: 'integer' },
    columns: { product: 'integer' },
    body: ({ n }) => sql`SELECT ${n} * ${sql.raw(factor)} AS product`,
  });

/** Makes its function, and has it do something else. */
async function createWrong(instead = 'RETURN QUERY SELECT 0;'): Promise<void> {
  await double.create().execute(db);
  await sql
    .raw(
      `CREATE OR REPLACE FUNCTION ${double.signature.name}(p_n integer)
       RETURNS TABLE (product integer) LANGUAGE plpgsql AS $$BEGIN ${instead} END$$`,
    )
    .execute(db);
}

async function callsOf(work: () => Promise<unknown>): Promise<number> {
  const before = client.usage.calls;
  await work();
  return client.usage.calls - before;
}

describe('a routine', () => {
  it("is the database's function, in one call", async () => {
    await double.create().execute(db);
    expect((await double.execute(db, { n: 21 })).rows).toEqual([{ product: 42 }]);
    expect(await callsOf(() => double.execute(db, { n: 21 }))).toBe(1);
    await sql.raw(`DROP FUNCTION ${double.signature.name}`).execute(db);
    await createWrong();
    expect((await double.execute(db, { n: 21 })).rows).toEqual([{ product: 0 }]);
  });

  it('is its statement where there is no function, of which its process asks once', async () => {
    expect((await double.execute(db, { n: 21 })).rows).toEqual([{ product: 42 }]);
    expect(await callsOf(() => double.execute(db, { n: 21 }))).toBe(1);
  });

  it('is its statement where its function may not be executed', async () => {
    await createWrong();
    await sql.raw(`REVOKE ALL ON FUNCTION ${double.signature.name} FROM PUBLIC`).execute(db);
    const { rows } = await double.execute(test.connectAs('stats'), { n: 21 });
    expect(rows).toEqual([{ product: 42 }]);
  });

  it('is its statement where its function goes at that very moment', async () => {
    await createWrong("RAISE 'cache lookup failed for function 16385' USING ERRCODE = 'XX000';");
    expect((await double.execute(db, { n: 21 })).rows).toEqual([{ product: 42 }]);
  });

  it('is its statement in a transaction, which would end with a call that fails', async () => {
    const answered = await db.transaction().execute((trx) => double.execute(trx, { n: 21 }));
    expect(answered.rows).toEqual([{ product: 42 }]);
    await createWrong();
    const again = await db.transaction().execute((trx) => double.execute(trx, { n: 21 }));
    expect(again.rows).toEqual([{ product: 42 }]);
  });

  it('fails as its function does', async () => {
    await double.create().execute(db);
    const call = double.execute(db, { n: 2 ** 31 - 1 });
    await expect(call).rejects.toThrow('SQLState: 22003');
  });

  it('has another function when its text changes, and the same when it does not', () => {
    expect(doubling('2').signature).toEqual(double.signature);
    expect(doubling('3').signature.name).not.toBe(double.signature.name);
    expect(double.signature.name).toMatch(/^double_[0-9a-f]{16}$/);
  });

  it('has a text that can be prepared', async () => {
    await test.pg.query(`PREPARE doubled (${double.signature.types}) AS ${double.text}`);
    expect((await test.pg.query('EXECUTE doubled (21)')).rows).toEqual([{ product: 42 }]);
  });
});
