import type { SqlParameter } from '@aws-sdk/client-rds-data';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal, type StandIn, startStandIn, target } from './stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.pg.query('CREATE TABLE kept (id integer PRIMARY KEY, label varchar(3))');
});
beforeEach(() => standIn.pg.query('TRUNCATE kept'));
afterAll(() => standIn.stop());

const INSERT = 'INSERT INTO kept VALUES (:id, :label)';
const set = (id: number, label: string): SqlParameter[] => [
  { name: 'id', value: { longValue: id } },
  { name: 'label', value: { stringValue: label } },
];
const batch = (sql: string, parameterSets?: SqlParameter[][], more = {}) =>
  standIn.client.batchExecuteStatement({ ...target, sql, parameterSets, ...more });
const kept = async () =>
  (await standIn.pg.query('SELECT id FROM kept ORDER BY id')).rows.map(({ id }) => id);

describe('batchExecuteStatement', () => {
  it.each([[undefined], [[]]])('is refused without parameter sets: %o', (sets) =>
    expectRefusal(batch(INSERT, sets), 'ValidationException', 'The batch has no parameter sets.'));

  it('is refused whole when a set cannot be bound, before anything runs', async () => {
    const bad = [{ name: 'id', value: { longValue: 2 } }];
    await expectRefusal(
      batch(INSERT, [set(1, 'a'), bad]),
      'ValidationException',
      'Named parameter has no value, input: label',
    );
    expect(await kept()).toEqual([]);
  });

  it('is refused with several statements, with a schema, with a string for another type', async () => {
    await expectRefusal(
      batch(`${INSERT}; SELECT 1`, [set(1, 'a')]),
      'ValidationException',
      "Multistatements aren't supported.",
    );
    await expectRefusal(
      batch(INSERT, [set(1, 'a')], { schema: 'public' }),
      'ValidationException',
      "The schema parameter isn't supported",
    );
    await expectRefusal(
      batch('INSERT INTO kept (id) VALUES (:id)', [[{ name: 'id', value: { stringValue: '1' } }]]),
      'DatabaseErrorException',
      /^ERROR: column "id" is of type integer but expression is of type text; .*SQLState: 42804$/,
    );
    expect(await kept()).toEqual([]);
  });

  it('runs once a set and answers a result without counts for each', async () => {
    const answer = await batch(INSERT, [set(1, 'a'), set(2, 'b'), set(3, 'c')]);
    expect(answer.updateResults).toEqual(Array(3).fill({ generatedFields: [] }));
    expect(await kept()).toEqual([1, 2, 3]);
  });

  it('runs once for a single empty set', async () => {
    const answer = await batch("INSERT INTO kept VALUES (1, 'a')", [[]]);
    expect(answer.updateResults).toHaveLength(1);
    expect(await kept()).toEqual([1]);
  });

  it('loses what RETURNING gives', async () => {
    const answer = await batch(`${INSERT} RETURNING id`, [set(1, 'a')]);
    expect(answer.updateResults).toEqual([{ generatedFields: [] }]);
  });

  it('keeps what the sets before a failing one did, outside a transaction', async () => {
    await expectRefusal(
      batch(INSERT, [set(1, 'a'), set(2, 'long'), set(3, 'c')]),
      'DatabaseErrorException',
      'ERROR: value too long for type character varying(3); SQLState: 22001',
    );
    expect(await kept()).toEqual([1]);
  });

  it('is rolled back with its transaction', async () => {
    const transaction = await standIn.begin();
    await batch(INSERT, [set(1, 'a'), set(2, 'b')], transaction);
    await standIn.client.rollbackTransaction({ ...target, ...transaction });
    expect(await kept()).toEqual([]);
  });

  it('leaves its transaction aborted when a set fails', async () => {
    const transaction = await standIn.begin();
    await expect(batch(INSERT, [set(1, 'a'), set(1, 'b')], transaction)).rejects.toThrow('23505');
    await expectRefusal(
      standIn.execute('SELECT 1', [], transaction),
      'DatabaseErrorException',
      'ERROR: current transaction is aborted, commands ignored until end of transaction block; SQLState: 25P02',
    );
  });
});
