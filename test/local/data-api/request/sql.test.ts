import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, type StandIn, startStandIn, target, x } from '../stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.execute('CREATE TABLE typed (ts timestamptz)');
});
afterAll(() => standIn.stop());

describe('a named parameter', () => {
  it('is one bind for every time that it is named', () =>
    expectRefusal(
      standIn.execute(
        'SELECT date_trunc(:x, ts) FROM typed GROUP BY date_trunc(:x, ts)',
        x({ stringValue: 'day' }),
      ),
      'DatabaseErrorException',
      /^ERROR: column "typed\.ts" must appear in the GROUP BY clause .*SQLState: 42803$/,
    ));

  it.each(['/slashes/', 'q?marks', 'mäil', '$1', ''])('is refused with the name "%s"', (name) =>
    expectRefusal(
      standIn.execute('SELECT 1', [{ name, value: { longValue: 1 } }]),
      'ValidationException',
      `Named parameter syntax is invalid, input: ${name}`,
    ));

  it('is refused without a value', () =>
    expectRefusal(
      standIn.execute('SELECT :x, :y', x({ longValue: 1 })),
      'ValidationException',
      'Named parameter has no value, input: y',
    ));

  it('is refused with two values', () =>
    expectRefusal(
      standIn.execute('SELECT :x', [...x({ longValue: 1 }), ...x({ longValue: 2 })]),
      'ValidationException',
      'Parameter "x" has more than one value',
    ));

  it('may have a value that nothing names', async () => {
    const { records } = await standIn.execute('SELECT 1', x({ longValue: 1 }));
    expect(records).toEqual([[{ longValue: 1 }]]);
  });

  it.each([
    ['a string', "SELECT ':y it''s :y', :x"],
    ['a string with escapes', "SELECT E'it\\'s :y', :x"],
    ['a quoted identifier', 'SELECT 1 AS ":y "" :y", :x'],
    ['a comment to the end of the line', "SELECT 1, -- ':y\n :x"],
    ['a comment inside a comment', "SELECT 1, /* :y /* ' :y */ :y */ :x"],
    ['a cast', "SELECT '7'::int, :x"],
  ])('is not seen in %s', async (_where, sql) => {
    const { records } = await standIn.execute(sql, x({ longValue: 7 }));
    expect(records?.[0]?.at(-1)).toEqual({ longValue: 7 });
  });

  it("is not PostgreSQL's own $1", () =>
    expectRefusal(
      standIn.execute('SELECT $1', [{ name: '1', value: { stringValue: 'a' } }]),
      'DatabaseErrorException',
      'ERROR: bind message supplies 0 parameters, but prepared statement "" requires 1; SQLState: 08P01',
    ));

  it('is put into dollar quotes, where it is no parameter', async () => {
    const { records } = await standIn.execute('SELECT $$a :b c$$');
    expect(records).toEqual([[{ stringValue: 'a $1 c' }]]);
  });

  it('is seen in the slice of an array', () =>
    expectRefusal(
      standIn.execute('SELECT a[1:2] FROM (VALUES (ARRAY[1, 2])) AS v (a)', [
        { name: '2', value: { longValue: 2 } },
      ]),
      'DatabaseErrorException',
      'ERROR: syntax error at or near "$1"; Position: 11; SQLState: 42601',
    ));
});

describe('several statements', () => {
  it.each(['SELECT 1; SELECT 2', 'SELECT 1;;SELECT 2'])('are refused in one call: %s', (sql) =>
    expectRefusal(
      standIn.execute(sql),
      'ValidationException',
      "Multistatements aren't supported.",
    ));

  it.each([
    'SELECT 1;',
    'SELECT 1; -- done',
    "SELECT 1 /* ; */ -- ';",
  ])('are not what a semicolon at the end is: %s', async (sql) => {
    expect((await standIn.execute(sql)).records).toEqual([[{ longValue: 1 }]]);
  });
});

it('refuses a schema', () =>
  expectRefusal(
    standIn.client.executeStatement({ ...target, sql: 'SELECT 1', schema: 'public' }),
    'ValidationException',
    "The schema parameter isn't supported",
  ));
