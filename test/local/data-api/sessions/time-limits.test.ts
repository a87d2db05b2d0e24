import { describe, expect, it } from 'vitest';
import { eventually } from '../../../helpers/eventually.ts';
import { expectRefusal, target } from '../stand-in.ts';
import { ABORTED, EXPIRED, expectNotFound, FINISHED, LOST, useKept } from './kept.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

const test = useKept();

describe('a transaction without a call', () => {
  it('is rolled back after 3 minutes, and no earlier', async () => {
    const transaction = await test.standIn.begin();
    await test.insert(1, transaction);
    test.standIn.pass(3 * MINUTE_MS - 1);
    await test.insert(2, transaction);
    test.standIn.pass(3 * MINUTE_MS);
    await expectNotFound(test.insert(3, transaction), transaction, EXPIRED);
    await expectNotFound(test.commit(transaction), transaction, EXPIRED);
    expect(await test.kept()).toEqual([]);
  });
});

describe('a transaction of 24 hours', () => {
  it('is rolled back however busy it is', async () => {
    const transaction = await test.standIn.begin();
    for (let passed = 0; passed < 24 * HOUR_MS; passed += 2.5 * MINUTE_MS) {
      await test.standIn.execute('SELECT 1', [], transaction);
      test.standIn.pass(2.5 * MINUTE_MS);
    }
    await expectNotFound(test.insert(1, transaction), transaction, EXPIRED);
  });

  it('ends under a statement that still runs, which lets go of its locks', async () => {
    const transaction = await test.standIn.begin();
    await test.insert(1, transaction);
    const lost = expect(
      test.standIn.execute('SELECT pg_sleep(601)', [], {
        ...transaction,
        continueAfterTimeout: true,
      }),
    ).rejects.toThrow('Request timed out');
    await test.standIn.untilRunning('pg_sleep(601)');
    test.standIn.pass(24 * HOUR_MS);
    await lost;
    await test.insert(1); // would wait for the other to end
    await expectNotFound(test.insert(2, transaction), transaction, EXPIRED);
  });
});

describe('a statement of 45 seconds', () => {
  const TIMED_OUT = { name: 'StatementTimeoutException', message: 'Request timed out' };

  it('is cancelled, and its transaction is aborted', async () => {
    const transaction = await test.standIn.begin();
    await test.insert(1, transaction);
    const running = test.standIn.execute('SELECT pg_sleep(602)', [], transaction);
    await test.standIn.untilRunning('pg_sleep(602)');
    test.standIn.pass(45 * SECOND_MS);
    await expect(running).rejects.toMatchObject({
      ...TIMED_OUT,
      dbConnectionId: expect.any(Number),
      $metadata: { httpStatusCode: 400 },
    });
    await expectRefusal(test.insert(2, transaction), 'DatabaseErrorException', ABORTED);
    await test.rollback(transaction);
  });

  it.each([
    ['alone', undefined],
    ['and its transaction', 'begun'],
  ])('ends with its session when it is deaf to a cancel, %s', async (_what, begun) => {
    const transaction = begun && (await test.standIn.begin());
    const running = test.standIn.execute(
      `DO $$BEGIN LOOP
         BEGIN PERFORM pg_sleep(603); EXCEPTION WHEN query_canceled THEN NULL; END;
       END LOOP; END$$`,
      [],
      transaction || undefined,
    );
    running.catch(() => {});
    await test.standIn.untilRunning('pg_sleep(603)');
    test.standIn.pass(45 * SECOND_MS);
    test.standIn.pass(SECOND_MS);
    await expect(running).rejects.toMatchObject(TIMED_OUT);
    const { rowCount } = await test.standIn.pg.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(603)%' AND pid <> pg_backend_pid()",
    );
    expect(rowCount).toBe(0);
    if (transaction) await expectNotFound(test.insert(1, transaction), transaction, LOST);
  });

  it('may be the commit, which has not happened then', async () => {
    await test.standIn.pg.query(`
      CREATE TABLE slow (id integer);
      CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN PERFORM pg_sleep(604); RETURN NULL; END$$;
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION sleep()`);
    const transaction = await test.standIn.begin();
    await test.standIn.execute('INSERT INTO slow VALUES (1)', [], transaction);
    const committing = test.commit(transaction);
    await test.standIn.untilRunning('COMMIT');
    test.standIn.pass(45 * SECOND_MS);
    await expect(committing).rejects.toMatchObject(TIMED_OUT);
    expect(await test.standIn.column('SELECT count(*) FROM slow')).toEqual([0]);
    await expectNotFound(test.commit(transaction), transaction, FINISHED);
  });

  it('does not end when it takes less', async () => {
    const blocker = await test.standIn.begin();
    await test.standIn.execute('LOCK TABLE kept', [], blocker);
    const running = test.insert(1);
    await test.standIn.untilRunning('INSERT INTO kept');
    test.standIn.pass(45 * SECOND_MS - 1);
    await test.rollback(blocker);
    await running;
    expect(await test.kept()).toEqual([1]);
  });

  it('runs on with continueAfterTimeout, after the caller was told', async () => {
    const blocker = await test.standIn.begin();
    await test.standIn.execute('LOCK TABLE kept', [], blocker);
    const running = test.standIn.execute('INSERT INTO kept VALUES (7)', [], {
      continueAfterTimeout: true,
    });
    await test.standIn.untilRunning('INSERT INTO kept');
    test.standIn.pass(45 * SECOND_MS);
    await expect(running).rejects.toMatchObject(TIMED_OUT);
    await test.rollback(blocker);
    await eventually(async () => expect(await test.kept()).toEqual([7]));
  });

  it('is told from a batch of many, which ends where it is', async () => {
    const running = test.standIn.client.batchExecuteStatement({
      ...target,
      sql: 'SELECT pg_sleep(:s)',
      parameterSets: [
        [{ name: 's', value: { doubleValue: 500 } }],
        [{ name: 's', value: { doubleValue: 501 } }],
      ],
    });
    await test.standIn.untilRunning('pg_sleep($1)');
    test.standIn.pass(45 * SECOND_MS);
    await expect(running).rejects.toMatchObject(TIMED_OUT);
    const { rowCount } = await test.standIn.pg.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep($1)%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    expect(rowCount).toBe(0);
  });
});
