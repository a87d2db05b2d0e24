import type { Field } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, type StandIn, startStandIn, target } from './stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.pg.query(`
    CREATE TYPE mood AS ENUM ('calm', 'so so');
    CREATE DOMAIN positive AS integer CHECK (value > 0);
    CREATE TABLE counted (id integer PRIMARY KEY, name text);
    INSERT INTO counted VALUES (1, 'a'), (2, 'b');
    CREATE TABLE written (id integer);
    CREATE TABLE deleted AS SELECT generate_series(1, 3);
    CREATE TABLE merged AS SELECT generate_series(1, 2) AS id`);
});
afterAll(() => standIn.stop());

const unsupported = (expression: string, message: string) =>
  expectRefusal(standIn.execute(`SELECT ${expression}`), 'UnsupportedResultException', message);

const fieldOf = async (expression: string): Promise<Field | undefined> =>
  (await standIn.execute(`SELECT ${expression}`)).records?.[0]?.[0];

describe('a result that cannot be returned', () => {
  it.each([
    ["interval '1 day'", 'INTERVAL'],
    ["'12:00+02'::timetz", 'TIMETZ'],
    ["'1.50'::money", 'MONEY'],
    ["'<a/>'::xml", 'xml'],
    ["'(1,2)'::point", 'POINT'],
    ["'((0,0),(1,1))'::box", 'BOX'],
    ["'08:00:2b:01:02:03'::macaddr", 'MACADDR'],
    [`'a'::"char"`, '"CHAR"'],
    ["'pg_class'::regclass", 'regclass'],
    ["'text'::regtype", 'regtype'],
    ["'[1,2)'::int8range", 'INT8RANGE'],
    ["'[2024-01-01,2024-02-01)'::daterange", 'DATERANGE'],
    ["'[2024-01-01,2024-02-01)'::tsrange", 'TSRANGE'],
    ["ARRAY[interval '1 day']", 'INTERVAL[]'],
    ['NULL::interval', 'INTERVAL'],
    ['NULL::interval[]', 'INTERVAL[]'],
    ["'{}'::mood[]", 'mood[]'],
    ["ARRAY['calm'::mood]", 'mood[]'],
    ['ARRAY[now()]', 'TIMESTAMPTZ[]'],
    ['ROW(1, 2)', 'RECORD'],
    ["'1 2'::int2vector", 'int2vector'],
    ["'1'::oidvector", 'oidvector'],
    ["ARRAY['1'::int2vector]", 'int2vector[]'],
  ])('has %s, of the unsupported type %s', (expression, type) =>
    unsupported(expression, `The result contains the unsupported data type ${type}.`));

  it.each([
    "'NaN'::float8",
    "'Infinity'::float4",
    "'NaN'::numeric",
    "ARRAY['-Infinity'::float8]",
  ])('has %s, which is no number', (expression) =>
    unsupported(expression, 'NaN and Infinity values are not supported'));

  it('is called as its type is called now', async () => {
    await standIn.pg.query('CREATE TYPE pair AS (a integer, b integer)');
    const inNames = async (name: string) => {
      await unsupported(
        `ROW(1, 2)::${name}`,
        `The result contains the unsupported data type ${name}.`,
      );
      await unsupported(
        `ARRAY[ROW(1, 2)::${name}]`,
        `The result contains the unsupported data type ${name}[].`,
      );
    };
    await inNames('pair');
    await standIn.pg.query('ALTER TYPE pair RENAME TO duo');
    await inNames('duo');
  });

  it('has a decimal that no double holds, where doubles are asked for', async () => {
    const sql = 'SELECT 1e400::numeric';
    expect((await standIn.column(sql))[0]).toHaveLength(401);
    await expectRefusal(
      standIn.execute(sql, [], { resultSetOptions: { decimalReturnType: 'DOUBLE_OR_LONG' } }),
      'UnsupportedResultException',
      'NaN and Infinity values are not supported',
    );
  });

  it('has an array of two dimensions', () =>
    unsupported('ARRAY[[1, 2], [3, 4]]', 'The result contains a multidimensional array'));

  it.each([
    "'infinity'::date",
    "'-infinity'::timestamp",
    "'infinity'::timestamptz",
    "'[1e400]'::json",
    '\'{"a": -1e400}\'::jsonb',
  ])('has %s, which fails without a word', async (expression) => {
    const failure = await standIn.execute(`SELECT ${expression}`).catch((error) => error);
    expect(failure).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  });

  it('is no matter where there are no rows', async () => {
    const sql = "SELECT interval '1 day' AS i, 'NaN'::float8 AS n WHERE false";
    const answer = await standIn.execute(sql, [], { includeResultMetadata: true });
    expect(answer.records).toEqual([]);
    expect(answer.columnMetadata?.map(({ typeName }) => typeName)).toEqual(['interval', 'float8']);
  });

  it('can be returned as text', async () => {
    expect(await fieldOf("interval '1 day'::text")).toEqual({ stringValue: '1 day' });
  });
});

describe('a value', () => {
  it.each<[string, Field]>([
    ['1::int2', { longValue: 1 }],
    ['-2147483648', { longValue: -2_147_483_648 }],
    ['3::int8', { longValue: 3 }],
    ['4::oid', { longValue: 4 }],
    ['123456.7890', { stringValue: '123456.7890' }],
    ['3.14::float4', { doubleValue: 3.14 }],
    ['0.1::float8 + 0.2', { doubleValue: 0.1 + 0.2 }],
    ["'a'::text", { stringValue: 'a' }],
    ["''", { stringValue: '' }],
    ["'b'::varchar(3)", { stringValue: 'b' }],
    ["'c'::char(3)", { stringValue: 'c  ' }],
    ["'d'::name", { stringValue: 'd' }],
    ["'so so'::mood", { stringValue: 'so so' }],
    ['7::positive', { longValue: 7 }],
    [
      "'0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55'::uuid",
      { stringValue: '0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55' },
    ],
    [`'{"a":1, "b" : [ 2.50, "c d" ]}'::json`, { stringValue: '{"a":1,"b":[2.5,"c d"]}' }],
    [`'{"b":2,"a":null}'::jsonb`, { stringValue: '{"a":null,"b":2}' }],
    [`'{"a":1,"a":2}'::json`, { stringValue: '{"a":2}' }],
    ["'9007199254740993'::jsonb", { stringValue: '9007199254740992' }],
    ["'2024-02-29'::date", { stringValue: '2024-02-29' }],
    ['true', { booleanValue: true }],
    ['false', { booleanValue: false }],
    ["'\\x00ff'::bytea", { blobValue: new Uint8Array([0, 255]) }],
    ['NULL::integer', { isNull: true }],
    ["'10.0.0.1'::inet", { stringValue: '10.0.0.1' }],
    ["'10.0.0.0/8'::cidr", { stringValue: '10.0.0.0/8' }],
    ["'[1,3)'::int4range", { stringValue: '[1,3)' }],
    ["'[1.5,2]'::numrange", { stringValue: '[1.5,2]' }],
    ['pg_advisory_xact_lock(1)', { stringValue: '' }],
  ])('%s comes as %o', async (expression, field) => {
    expect(await fieldOf(expression)).toEqual(field);
  });

  it.each([
    ["'12:30:00'::time", '12:30:00'],
    ["'12:30:00.5'::time", '12:30:00.500'],
    ["'12:30:00.123456'::time", '12:30:00.123456'],
    ["'2024-03-01 12:30:00'::timestamp", '2024-03-01 12:30:00'],
    ["'2024-03-01 12:30:00.25'::timestamp", '2024-03-01 12:30:00.250'],
    ["'2024-03-01 12:30:00.0001'::timestamp", '2024-03-01 12:30:00.000100'],
    ["'2024-03-01 12:30:00.5+03'::timestamptz", '2024-03-01 09:30:00.500'],
  ])('%s comes with the shortest exact fraction of 0, 3 or 6 digits', async (expression, text) => {
    expect(await fieldOf(expression)).toEqual({ stringValue: text });
  });

  it.each([
    ['Asia/Kolkata', "'2024-12-31 23:00:00+00'", '2024-12-31 23:00:00'],
    ['America/St_Johns', "'0009-01-01 01:00:00+00'", '0009-01-01 01:00:00'],
    ['Asia/Tokyo', "'9999-12-31 23:59:59.5+00'", '9999-12-31 23:59:59.500'],
  ])('that is an instant comes in UTC in the time zone %s', async (zone, text, utc) => {
    const inTransaction = await standIn.begin();
    await standIn.execute(`SET LOCAL TimeZone = '${zone}'`, [], inTransaction);
    expect(await standIn.column(`SELECT ${text}::timestamptz`, inTransaction)).toEqual([utc]);
    await standIn.client.rollbackTransaction({ ...target, ...inTransaction });
  });

  it.each<[string, Field]>([
    ["'{1,NULL,-3}'::int[]", { arrayValue: { longValues: [1, null, -3] as number[] } }],
    ['ARRAY[1.5::float8]', { arrayValue: { doubleValues: [1.5] } }],
    ['ARRAY[true, false]', { arrayValue: { booleanValues: [true, false] } }],
    ['ARRAY[1.50, 2]', { arrayValue: { stringValues: ['1.50', '2'] } }],
    [
      `'{"a b",NULL,"NULL","q\\"\\\\"}'::text[]`,
      { arrayValue: { stringValues: ['a b', null, 'NULL', 'q"\\'] as string[] } },
    ],
    ["ARRAY['2024-02-29'::date]", { arrayValue: { stringValues: ['2024-02-29'] } }],
    [`ARRAY['{"a": 1}'::jsonb]`, { arrayValue: { stringValues: ['{"a":1}'] } }],
    ["ARRAY['12:00:00.1'::time]", { arrayValue: { stringValues: ['12:00:00.100'] } }],
    ["'[0:1]={7,8}'::int[]", { arrayValue: { longValues: [7, 8] } }],
    ["'{}'::text[]", { arrayValue: { stringValues: [] } }],
  ])('%s comes as %o', async (expression, field) => {
    expect(await fieldOf(expression)).toEqual(field);
  });
});

describe('resultSetOptions', () => {
  const sql = "SELECT 9007199254740993, 12.50, 5::numeric, '99999999999999999999'::numeric";

  it('return longs as text and decimals as numbers, long where they have no fraction', async () => {
    const { records } = await standIn.execute(sql, [], {
      resultSetOptions: { longReturnType: 'STRING', decimalReturnType: 'DOUBLE_OR_LONG' },
    });
    expect(records).toEqual([
      [
        { stringValue: '9007199254740993' },
        { doubleValue: 12.5 },
        { longValue: 5 },
        { doubleValue: 1e20 },
      ],
    ]);
  });

  it('are LONG and STRING when nothing is asked', async () => {
    const { records } = await standIn.execute('SELECT 1, 12.50');
    expect(records).toEqual([[{ longValue: 1 }, { stringValue: '12.50' }]]);
  });
});

describe('the answer', () => {
  it('to a query has records and no generatedFields', async () => {
    const answer = await standIn.execute('SELECT 1 WHERE false');
    expect(answer).toMatchObject({ records: [], numberOfRecordsUpdated: 0 });
    expect(answer.generatedFields).toBeUndefined();
    expect(answer.columnMetadata).toBeUndefined();
  });

  it.each([
    ['INSERT INTO written VALUES (1), (2)', 2],
    ['UPDATE counted SET name = upper(name)', 2],
    ['DELETE FROM deleted', 3],
    ['MERGE INTO merged m USING (SELECT 1) s (id) ON s.id = m.id WHEN MATCHED THEN DELETE', 1],
    ['CREATE TABLE ddl (id integer)', 0],
    ['', 0],
  ])('to %s counts, without records or metadata even when asked', async (sql, count) => {
    const answer = await standIn.execute(sql, [], { includeResultMetadata: true });
    expect(answer).toMatchObject({ numberOfRecordsUpdated: count, generatedFields: [] });
    expect(answer.records).toBeUndefined();
    expect(answer.columnMetadata).toBeUndefined();
  });

  it('to RETURNING has the rows and counts 0', async () => {
    const answer = await standIn.execute("UPDATE counted SET name = 'a' WHERE id = 1 RETURNING id");
    expect(answer).toMatchObject({ records: [[{ longValue: 1 }]], numberOfRecordsUpdated: 0 });
  });
});

describe('formatRecordsAs JSON', () => {
  const asJson = { formatRecordsAs: 'JSON', includeResultMetadata: true } as const;

  it('refuses a label that occurs twice', () =>
    expectRefusal(
      standIn.execute('SELECT 1 AS a, 2 AS a', [], asJson),
      'UnsupportedResultException',
      'The result contains duplicate column names: a.',
    ));

  it('answers one string of objects keyed by label, and nothing else of the rows', async () => {
    const answer = await standIn.execute(
      "SELECT id, 12.50 AS price, '\\xff'::bytea AS blob, NULL AS nothing, ARRAY[1, 2] AS list, " +
        '9007199254740993 AS big, 1 = 1 AS yes FROM counted ORDER BY id LIMIT 1',
      [],
      asJson,
    );
    expect(answer.formattedRecords).toBe(
      '[{"id":1,"price":"12.50","blob":"/w==","nothing":null,"list":[1,2],"big":9007199254740993,"yes":true}]',
    );
    expect(answer.records).toBeUndefined();
    expect(answer.columnMetadata).toBeUndefined();
  });

  it('answers a statement without rows as always', async () => {
    const answer = await standIn.execute('DELETE FROM counted WHERE false', [], asJson);
    expect(answer).toMatchObject({ numberOfRecordsUpdated: 0, generatedFields: [] });
    expect(answer.formattedRecords).toBeUndefined();
  });
});
