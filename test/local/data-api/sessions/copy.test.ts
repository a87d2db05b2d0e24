import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, type StandIn, startStandIn, target } from '../stand-in.ts';

const SESSIONS = 2;

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ maxSessions: SESSIONS });
  await standIn.pg.query(`
    CREATE TABLE copied (id integer);
    CREATE TABLE guarded (id integer);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN RAISE 'Nothing comes in.'; END$$;
    CREATE TRIGGER guarded BEFORE INSERT ON guarded EXECUTE FUNCTION refuse()`);
});
afterAll(() => standIn.stop());

const refused = (sql: string, message: string, transaction?: { transactionId: string }) =>
  expectRefusal(
    standIn.execute(sql, [], transaction),
    'DatabaseErrorException',
    `execute: unexpected message: ${message}`,
  );
const rollback = (transaction: { transactionId: string }) =>
  standIn.client.rollbackTransaction({ ...target, ...transaction });

/** Answers come to those who asked: none belongs to an earlier call of the session. */
const expectServing = async () => {
  const asked = Array.from({ length: 3 * SESSIONS }, (_, i) => i);
  const answers = await Promise.all(asked.map((i) => standIn.column(`SELECT ${i}`)));
  expect(answers).toEqual(asked.map((i) => [i]));
};

describe('COPY', () => {
  it.each([
    ['COPY copied FROM STDIN', 'CopyInResponse'],
    ['COPY copied FROM STDIN (FORMAT binary)', 'CopyInResponse'],
    ['COPY copied TO STDOUT', 'CopyOutResponse'],
    ['COPY (SELECT generate_series(1, 100000)) TO STDOUT', 'CopyOutResponse'],
  ])('is refused and keeps no session: %s', async (sql, message) => {
    for (let round = 0; round < 2 * SESSIONS; round++) await refused(sql, message);
    await expectServing();
  });

  it('that fails before it waits for rows tells why, and keeps no session', async () => {
    for (let round = 0; round < 2 * SESSIONS; round++)
      await expectRefusal(
        standIn.execute('COPY guarded FROM STDIN'),
        'DatabaseErrorException',
        'ERROR: Nothing comes in.; SQLState: P0001',
      );
    await expectServing();
  });

  it('FROM STDIN leaves its transaction aborted, for savepoints to undo', async () => {
    const transaction = await standIn.begin();
    await standIn.execute('SAVEPOINT here', [], transaction);
    await refused('COPY copied FROM STDIN', 'CopyInResponse', transaction);
    await expect(standIn.execute('SELECT 1', [], transaction)).rejects.toThrow('SQLState: 25P02');
    await standIn.execute('ROLLBACK TO here', [], transaction);
    expect(await standIn.column('SELECT 1', transaction)).toEqual([1]);
    await rollback(transaction);
  });

  it('TO STDOUT leaves its transaction as it was', async () => {
    const transaction = await standIn.begin();
    await refused('COPY copied TO STDOUT', 'CopyOutResponse', transaction);
    expect(await standIn.column('SELECT 1', transaction)).toEqual([1]);
    await rollback(transaction);
  });
});
