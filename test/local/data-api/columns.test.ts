import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn } from './stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.pg.query(`CREATE TABLE described (
    small smallint NOT NULL, whole integer, big bigint, real real, double double precision,
    price numeric(10, 2), free numeric, yes boolean, day date, at time, stamp timestamp,
    instant timestamptz, blob bytea, id uuid, doc jsonb, note text, code varchar(50), fixed char(3),
    numbers integer[], auto serial, bigauto bigint GENERATED ALWAYS AS IDENTITY)`);
});
afterAll(() => standIn.stop());

const metadataOf = async (sql: string) => {
  const answer = await standIn.execute(sql, [], { includeResultMetadata: true });
  return answer.columnMetadata ?? [];
};

describe('columnMetadata', () => {
  it('is there only when asked for', async () => {
    expect((await standIn.execute('SELECT 1')).columnMetadata).toBeUndefined();
  });

  it.each([
    ['small', 'int2', 5, 5, 0],
    ['whole', 'int4', 4, 10, 0],
    ['big', 'int8', -5, 19, 0],
    ['real', 'float4', 7, 8, 8],
    ['double', 'float8', 8, 17, 17],
    ['price', 'numeric', 2, 10, 2],
    ['free', 'numeric', 2, 0, 0],
    ['yes', 'bool', -7, 1, 0],
    ['day', 'date', 91, 13, 0],
    ['at', 'time', 92, 15, 6],
    ['stamp', 'timestamp', 93, 29, 6],
    ['instant', 'timestamptz', 93, 35, 6],
    ['blob', 'bytea', -2, 2_147_483_647, 0],
    ['id', 'uuid', 1111, 2_147_483_647, 0],
    ['doc', 'jsonb', 1111, 2_147_483_647, 0],
    ['note', 'text', 12, 2_147_483_647, 0],
    ['code', 'varchar', 12, 50, 0],
    ['fixed', 'bpchar', 1, 3, 0],
    ['auto', 'serial', 4, 10, 0],
    ['bigauto', 'bigserial', -5, 19, 0],
  ])('of column %s says %s, JDBC type %i, precision %i, scale %i', async (...row) => {
    const [column, typeName, type, precision, scale] = row;
    const [metadata] = await metadataOf(`SELECT ${column} FROM described`);
    expect(metadata).toMatchObject({ typeName, type, precision, scale, arrayBaseColumnType: 0 });
  });

  it('of an array is that of its elements, under JDBC type 2003', async () => {
    const [metadata] = await metadataOf('SELECT numbers FROM described');
    expect(metadata).toMatchObject({
      ...{ typeName: '_int4', type: 2003, arrayBaseColumnType: 4, precision: 10, scale: 0 },
    });
  });

  it('has the alias for a name, and tells the table', async () => {
    const [metadata] = await metadataOf('SELECT d.small AS s FROM described AS d');
    expect(metadata).toEqual({
      arrayBaseColumnType: 0,
      isAutoIncrement: false,
      isCaseSensitive: false,
      isCurrency: false,
      isSigned: true,
      label: 's',
      name: 's',
      nullable: 0,
      precision: 5,
      scale: 0,
      schemaName: '',
      tableName: 'described',
      type: 5,
      typeName: 'int2',
    });
  });

  it('knows no table for an expression, and not whether it can be null', async () => {
    const [metadata] = await metadataOf('SELECT whole + 1 AS more FROM described');
    expect(metadata).toMatchObject({ label: 'more', name: 'more', tableName: '', nullable: 2 });
  });

  it('tells columns that can be null, that are signed, case sensitive and count by themselves', async () => {
    const rows = await metadataOf('SELECT whole, note, day, doc, auto FROM described');
    const flags = rows.map((row) => [
      row.nullable,
      row.isSigned,
      row.isCaseSensitive,
      row.isAutoIncrement,
    ]);
    expect(flags).toEqual([
      [1, true, false, false],
      [1, false, true, false],
      [1, false, false, false],
      [1, false, true, false],
      [0, true, false, true],
    ]);
  });

  it('is that of the table as it is inside the transaction', async () => {
    const inTransaction = await standIn.begin();
    await standIn.execute("CREATE TYPE hue AS ENUM ('red')", [], inTransaction);
    await standIn.execute('CREATE TABLE painted (hue hue)', [], inTransaction);
    const { columnMetadata } = await standIn.execute('SELECT hue FROM painted', [], {
      ...inTransaction,
      includeResultMetadata: true,
    });
    expect(columnMetadata?.[0]).toMatchObject({ typeName: 'hue', tableName: 'painted', type: 12 });
  });

  it('tells the name that a type has now', async () => {
    const typeNameOf = async (name: string) =>
      (await metadataOf(`SELECT 'red'::${name}`))[0]?.typeName;
    await standIn.pg.query("CREATE TYPE tint AS ENUM ('red')");
    expect(await typeNameOf('tint')).toBe('tint');
    await standIn.pg.query('ALTER TYPE tint RENAME TO shade');
    expect(await typeNameOf('shade')).toBe('shade');
    await standIn.pg.query('DROP TYPE shade; CREATE DOMAIN shade AS varchar(7)');
    expect(await typeNameOf('shade')).toBe('varchar');
  });
});
