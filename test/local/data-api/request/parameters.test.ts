import type { Field } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longOf } from '../../../../local/data-api/request/json.ts';
import { expectRefusal, type StandIn, startStandIn, x } from '../stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.execute(
    `CREATE TABLE typed (u uuid, j json, jb jsonb, d date, i integer, n numeric, b boolean,
       v varchar, t text, ts timestamptz, ints integer[])`,
  );
});
afterAll(() => standIn.stop());

const assign = (column: string, parameters: ReturnType<typeof x>) =>
  standIn.execute(`INSERT INTO typed (${column}) VALUES (:x)`, parameters);
const typeOf = async (value: Field, hint?: Parameters<typeof x>[1]) => {
  const { records } = await standIn.execute('SELECT pg_typeof(:x)::text', x(value, hint));
  return records?.[0]?.[0]?.stringValue;
};

describe('a parameter without a type hint', () => {
  it.each([
    ['u', 'uuid'],
    ['j', 'json'],
    ['jb', 'jsonb'],
    ['d', 'date'],
    ['i', 'integer'],
    ['n', 'numeric'],
    ['b', 'boolean'],
    ['ts', 'timestamp with time zone'],
    ['ints', 'integer[]'],
  ])('is text as a string, which column %s of type %s refuses', (column, type) =>
    expectRefusal(
      assign(column, x({ stringValue: '1' })),
      'DatabaseErrorException',
      `ERROR: column "${column}" is of type ${type} but expression is of type text; ` +
        `Hint: You will need to rewrite or cast the expression.; Position: ${30 + column.length}; SQLState: 42804`,
    ));

  it('is text also where it is compared', () =>
    expectRefusal(
      standIn.execute('SELECT FROM typed WHERE u = :x', x({ stringValue: '1' })),
      'DatabaseErrorException',
      'ERROR: operator does not exist: uuid = text; Hint: No operator matches the given name and ' +
        'argument types. You might need to add explicit type casts.; Position: 27; SQLState: 42883',
    ));

  it.each<[Field, string]>([
    [{ stringValue: 'a' }, 'text'],
    [{ longValue: 1 }, 'bigint'],
    [{ doubleValue: 1 }, 'double precision'],
    [{ booleanValue: true }, 'boolean'],
    [{ blobValue: new Uint8Array([0, 255]) }, 'bytea'],
  ])('%o is declared as %s', async (value, type) => {
    expect(await typeOf(value)).toBe(type);
  });

  it('is bigint as a long, which does not fit where only an integer does', () =>
    expectRefusal(
      standIn.execute("SELECT repeat('x', :x)", x({ longValue: 3 })),
      'DatabaseErrorException',
      /^ERROR: function repeat\(unknown, bigint\) does not exist; .*SQLState: 42883$/,
    ));

  it.each(['u', 'j', 'd', 'i', 'n', 'ints'])('goes into column %s as null', async (column) => {
    const { numberOfRecordsUpdated } = await assign(column, x({ isNull: true }));
    expect(numberOfRecordsUpdated).toBe(1);
  });

  it('has no type as null, where nothing else gives it one', () =>
    expectRefusal(
      standIn.execute('SELECT :x IS NULL', x({ isNull: true })),
      'DatabaseErrorException',
      'ERROR: could not determine data type of parameter $1; SQLState: 42P18',
    ));

  it('is refused as an array', () =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ arrayValue: { longValues: [1] } })),
      'ValidationException',
      'Array parameters are not supported.',
    ));

  it('is refused without a value', () =>
    expectRefusal(
      standIn.execute('SELECT :x', [{ name: 'x' }]),
      'ValidationException',
      'Parameter "x" has value with no field set',
    ));

  it('keeps all 64 bits of a long', async () => {
    const { records } = await standIn.execute(
      'SELECT (:x)::text',
      x({ longValue: 9_223_372_036_854_775_807n as unknown as number }),
    );
    expect(records).toEqual([[{ stringValue: '9223372036854775807' }]]);
  });

  it.each<[string, Field]>([
    ['a fraction as long', { longValue: 1.5 }],
    ['a long of 65 bits', { longValue: 9_223_372_036_854_775_808n as unknown as number }],
    ['half a surrogate pair', { stringValue: '\ud83d' }],
  ])('is refused when it is %s', (_what, value) =>
    expectRefusal(
      standIn.execute('SELECT :x', x(value)),
      'SerializationException',
      /^The value of parameter "x" can not be converted to (Long|String)$/,
    ));

  it('is refused with two fields', () =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ longValue: 1, stringValue: 'a' } as never)),
      'ValidationException',
      'Parameter "x" has value with several fields set',
    ));

  it('is no array for ANY as a string', () =>
    expectRefusal(
      standIn.execute('SELECT 1 = ANY (:x)', x({ stringValue: '{1,2}' })),
      'DatabaseErrorException',
      'ERROR: op ANY/ALL (array) requires array on right side; Position: 10; SQLState: 42809',
    ));

  it.each<[string, string, Field]>([
    ['a uuid', ':x::uuid', { stringValue: '0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55' }],
    ['an array', ':x::int[]', { stringValue: '{1,2}' }],
    ['a date', 'CAST(:x AS date)', { stringValue: '2024-02-29' }],
    ['an integer', "repeat('x', :x::int)", { longValue: 3 }],
  ])('is %s with a cast', async (_what, expression, value) => {
    const { records } = await standIn.execute(`SELECT (${expression})::text`, x(value));
    expect(records).toEqual([[{ stringValue: value.stringValue ?? 'xxx' }]]);
  });

  it("passes PostgreSQL's not-a-number as a double", async () => {
    const { records } = await standIn.execute('SELECT (:x)::text', x({ doubleValue: Number.NaN }));
    expect(records).toEqual([[{ stringValue: 'NaN' }]]);
  });

  it('cannot hold U+0000 as text', () =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ stringValue: 'a\0b' })),
      'DatabaseErrorException',
      'ERROR: invalid byte sequence for encoding "UTF8": 0x00; SQLState: 22021',
    ));
});

describe('a parameter with a type hint', () => {
  it.each([
    ['UUID', '0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55', 'uuid'],
    ['DATE', '2024-02-29', 'date'],
    ['TIME', '12:30:00.123456', 'time without time zone'],
    ['TIMESTAMP', '2024-02-29 12:30:00.5', 'timestamp without time zone'],
    ['DECIMAL', '-12.50', 'numeric'],
    ['JSON', '{"a": 1}', 'jsonb'],
  ] as const)('%s is declared as its type', async (hint, stringValue, type) => {
    expect(await typeOf({ stringValue }, hint)).toBe(type);
  });

  it.each([
    ['UUID', '{0ba1a5b7-d14f-4b7b-8a3e-1d7f7c1e0a55}', 'uuid', '22P02'],
    ['DATE', 'tomorrow', 'date', '22007'],
    ['TIME', '12:30', 'time', '22007'],
    ['TIMESTAMP', '2024-02-29 12:30', 'timestamp', '22007'],
    ['DECIMAL', 'NaN', 'numeric', '22P02'],
  ] as const)('%s refuses %s, which PostgreSQL would take', (hint, stringValue, type, state) =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ stringValue }, hint)),
      'DatabaseErrorException',
      `ERROR: invalid input syntax for type ${type}: "${stringValue}"; SQLState: ${state}`,
    ));

  it.each([
    '2024-02-29T12:30:00Z',
    '2024-02-29 12:30:00Z',
    'now',
  ])('TIMESTAMP refuses %s before PostgreSQL could read it', (stringValue) =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ stringValue }, 'TIMESTAMP')),
      'DatabaseErrorException',
      'Parse Error for TimeStamp: input contains invalid characters',
    ));

  it.each(['j', 'jb', 't'])('JSON goes into column %s', async (column) => {
    const { numberOfRecordsUpdated } = await assign(column, x({ stringValue: '{}' }, 'JSON'));
    expect(numberOfRecordsUpdated).toBe(1);
  });

  it('JSON is jsonb also where json would behave otherwise', () =>
    expectRefusal(
      standIn.execute('SELECT (:x)::int8range', x({ stringValue: '{}' }, 'JSON')),
      'DatabaseErrorException',
      /^ERROR: cannot cast type jsonb to int8range; .*SQLState: 42846$/,
    ));

  it('may come with a null', async () => {
    await expect(assign('u', x({ isNull: true }, 'UUID'))).resolves.toBeDefined();
  });

  it('is refused when it comes with a number', () =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ doubleValue: 1.5 }, 'DECIMAL')),
      'ValidationException',
      'Parameter "x" has the type hint DECIMAL and no stringValue',
    ));

  it('is refused when there is no such hint', () =>
    expectRefusal(
      standIn.execute('SELECT :x', x({ stringValue: 'a' }, 'XML' as 'JSON')),
      'ValidationException',
      "1 validation error detected: Value 'XML' at 'parameters.1.member.typeHint' failed to satisfy " +
        'constraint: Member must satisfy enum value set: [DATE, DECIMAL, JSON, TIME, TIMESTAMP, UUID]',
    ));
});

describe('a long whose name was written with escapes', () => {
  it.each([
    [1, 1n],
    [1.5, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [2 ** 53, undefined],
  ])('is taken as it was written, or not at all: %d', (value, long) => {
    expect(longOf(value)).toBe(long);
  });
});
