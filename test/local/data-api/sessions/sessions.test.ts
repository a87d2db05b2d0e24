import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, type StandIn, startStandIn, target } from '../stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ maxSessions: 3 });
  await standIn.pg.query('CREATE TABLE counted (calls integer); INSERT INTO counted VALUES (0)');
});
afterAll(() => standIn.stop());

const pids = async () =>
  (
    await standIn.pg.query(
      `SELECT pid FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'data-api' ORDER BY pid`,
    )
  ).rows.map(({ pid }) => pid as number);

/** Ends sessions as an administrator does, and waits until they have gone. */
const terminate = async (sessions: number[]) => {
  await standIn.pg.query(
    'SELECT pg_terminate_backend(pid, 10000) FROM unnest($1::int[]) AS s (pid)',
    [sessions],
  );
};
const rollback = (transaction: { transactionId: string }) =>
  standIn.client.rollbackTransaction({ ...target, ...transaction });

describe('a session that PostgreSQL ended', () => {
  it('while nobody used it is replaced without the caller noticing', async () => {
    for (let round = 0; round < 5; round++) {
      await standIn.execute('UPDATE counted SET calls = calls + 1');
      await terminate(await pids());
    }
    expect(await standIn.column('SELECT calls FROM counted')).toEqual([5]);
  });

  it('is replaced for a transaction that begins', async () => {
    await standIn.execute('SELECT 1');
    await terminate(await pids());
    const transaction = await standIn.begin();
    expect(await standIn.column('SELECT 1', transaction)).toEqual([1]);
    await rollback(transaction);
  });

  it('under a statement is an error, as it may have run', async () => {
    const refused = expectRefusal(
      standIn.execute('SELECT pg_sleep(600)'),
      'DatabaseErrorException',
      'FATAL: terminating connection due to administrator command; SQLState: 57P01',
    );
    await standIn.untilRunning('pg_sleep(600)');
    await terminate(await pids());
    await refused;
    expect(await standIn.column('SELECT 1')).toEqual([1]);
  });

  it('takes its transaction with it, as the next call is told', async () => {
    const transaction = await standIn.begin();
    const [pid] = await standIn.column('SELECT pg_backend_pid()', transaction);
    await terminate([pid as number]);
    await expect(standIn.execute('SELECT 1', [], transaction)).rejects.toMatchObject({
      name: expect.stringMatching(/^(TransactionNotFound|DatabaseError)Exception$/),
    });
    await expectRefusal(
      rollback(transaction),
      'TransactionNotFoundException',
      `Transaction ${transaction.transactionId} is not found. ` +
        'Transaction has been aborted due to an error from a previous call.',
    );
  });
});

describe('sessions', () => {
  it('are at most as many as allowed: who comes later waits and is served', async () => {
    const calls = Array.from({ length: 12 }, () => standIn.column('SELECT pg_backend_pid()'));
    const used = new Set((await Promise.all(calls)).flat());
    expect(used.size).toBeLessThanOrEqual(3);
    expect((await pids()).length).toBeLessThanOrEqual(3);
  });

  it('make room for another database when all are idle', async () => {
    await Promise.all([1, 2, 3, 4].map(() => standIn.execute('SELECT 1')));
    const inside = { database: 'postgres' };
    expect(await standIn.column('SELECT current_database()', inside)).toEqual(['postgres']);
  });

  it('that are all in use for 45 seconds are an error, and free ones serve again', async () => {
    const transactions = await Promise.all([1, 2, 3].map(() => standIn.begin()));
    const waiting = standIn.execute('SELECT 1');
    waiting.catch(() => {});
    await standIn.clock.timer(45_000);
    standIn.pass(45_000);
    await expect(waiting).rejects.toMatchObject({ name: 'DatabaseUnavailableException' });
    await Promise.all(transactions.map(rollback));
    expect(await standIn.column('SELECT 1')).toEqual([1]);
  });
});
