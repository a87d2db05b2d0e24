import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../helpers/eventually.ts';
import { expectRefusal, type StandIn, startStandIn, target } from '../stand-in.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const ABORTED =
  'ERROR: current transaction is aborted, commands ignored until end of transaction block; SQLState: 25P02';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.pg.query('CREATE TABLE kept (id integer PRIMARY KEY)');
});
afterEach(() => standIn.pg.query('TRUNCATE kept'));
afterAll(() => standIn.stop());

interface Transaction {
  readonly transactionId: string;
}

const insert = (id: number, transaction?: Transaction) =>
  standIn.execute(`INSERT INTO kept VALUES (${id})`, [], transaction);
const commit = (transaction: Transaction) =>
  standIn.client.commitTransaction({ ...target, ...transaction });
const rollback = (transaction: Transaction) =>
  standIn.client.rollbackTransaction({ ...target, ...transaction });
const kept = async () =>
  (await standIn.pg.query('SELECT id FROM kept ORDER BY id')).rows.map(({ id }) => id);
const EXPIRED = 'Transaction may be expired.';
const FINISHED = 'One previous call resulted in a termination of your transaction.';
const LOST = 'Transaction has been aborted due to an error from a previous call.';
const expectNotFound = (call: Promise<unknown>, { transactionId }: Transaction, cause: string) =>
  expectRefusal(
    call,
    'TransactionNotFoundException',
    `Transaction ${transactionId} is not found. ${cause}`,
  );

describe('outside a transaction', () => {
  it('a call commits by itself', async () => {
    await insert(1);
    expect(await kept()).toEqual([1]);
  });

  it.each([
    ["SET application_name = 'mine'", 'SHOW application_name', ['data-api']],
    ['CREATE TEMPORARY TABLE mine (id integer)', "SELECT to_regclass('mine')::text", [true]],
    [
      'SELECT pg_advisory_lock(7)',
      `SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
       WHERE locktype = 'advisory' AND datname = current_database()`, // other tests lock elsewhere
      [0],
    ],
    ['PREPARE mine AS SELECT 1', 'SELECT count(*) FROM pg_prepared_statements', [0]],
    ['BEGIN', 'SELECT pg_current_xact_id_if_assigned() IS NULL', [true]],
  ])('%s does not carry over to the next call', async (sql, question, answer) => {
    await standIn.execute(sql);
    expect(await standIn.column(question)).toEqual(answer);
  });

  it.each([
    'VACUUM kept',
    "ALTER TYPE mood ADD VALUE 'sad'",
    'CREATE INDEX CONCURRENTLY kept_twice ON kept (id)',
  ])('no BEGIN is implied: %s works', async (sql) => {
    await standIn.pg.query("DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('calm')");
    expect(await standIn.execute(sql)).toMatchObject({ numberOfRecordsUpdated: 0 });
  });
});

describe('a session that is given back', () => {
  /**
   * A transaction whose session takes long to be given back: another holds what it needs for that.
   */
  async function heldUp() {
    const transaction = await standIn.begin();
    await standIn.execute('CREATE TEMPORARY TABLE held (id integer)', [], transaction);
    const [pid] = await standIn.column('SELECT pg_backend_pid()', transaction);
    await standIn.pg.query('BEGIN; LOCK TABLE pg_class');
    const isHeld = async () =>
      (await standIn.pg.query("SELECT FROM pg_class WHERE relname = 'held'")).rowCount !== 0;
    const isHeldWhenAnswered = commit(transaction).then(isHeld);
    await standIn.untilRunning('DISCARD ALL');
    return { pid, isHeldWhenAnswered };
  }

  it('has let go of all it had when the call is answered', async () => {
    const { isHeldWhenAnswered } = await heldUp();
    await standIn.pg.query('COMMIT');
    expect(await isHeldWhenAnswered).toBe(false);
  });

  it('is ended when that takes longer than 5 seconds', async () => {
    const { pid, isHeldWhenAnswered } = await heldUp();
    standIn.pass(5 * SECOND_MS);
    await standIn.pg.query('COMMIT');
    expect(await isHeldWhenAnswered).toBe(false);
    const sessions = 'SELECT FROM pg_stat_activity WHERE pid = $1';
    expect((await standIn.pg.query(sessions, [pid])).rowCount).toBe(0);
  });
});

describe('a transaction', () => {
  it.each([
    'ExecuteStatement',
    'BatchExecuteStatement',
    'CommitTransaction',
    'RollbackTransaction',
  ])('that nobody began is not found by %s', async (operation) => {
    const unknown = { ...target, transactionId: 'AQ==' };
    const calls: Record<string, () => Promise<unknown>> = {
      ExecuteStatement: () => standIn.execute('SELECT 1', [], unknown),
      BatchExecuteStatement: () =>
        standIn.client.batchExecuteStatement({ ...unknown, sql: 'SELECT 1', parameterSets: [[]] }),
      CommitTransaction: () => commit(unknown),
      RollbackTransaction: () => rollback(unknown),
    };
    const call = calls[operation]?.() ?? Promise.resolve();
    await expectNotFound(call, unknown, EXPIRED);
    await call.catch(({ $metadata }) => expect($metadata.httpStatusCode).toBe(404));
  });

  it('has an opaque id of base64, 192 characters at the most', async () => {
    const { transactionId } = await standIn.begin();
    expect(transactionId).toMatch(/^[A-Za-z0-9+/]{40,190}={0,2}$/);
  });

  it('is seen by others when it commits, and not before', async () => {
    const transaction = await standIn.begin();
    await insert(1, transaction);
    expect(await kept()).toEqual([]);
    expect(await commit(transaction)).toMatchObject({ transactionStatus: 'Transaction Committed' });
    expect(await kept()).toEqual([1]);
  });

  it('is forgotten when it rolls back, DDL included', async () => {
    const transaction = await standIn.begin();
    await standIn.execute('CREATE TABLE passing (id integer)', [], transaction);
    expect(await rollback(transaction)).toMatchObject({ transactionStatus: 'Rollback Complete' });
    expect(await standIn.column("SELECT to_regclass('passing') IS NULL")).toEqual([true]);
  });

  it.each([
    ['committed', commit],
    ['rolled back', rollback],
  ])('is not found once it is %s', async (_how, finish) => {
    const transaction = await standIn.begin();
    await finish(transaction);
    await expectNotFound(insert(1, transaction), transaction, FINISHED);
    await expectNotFound(commit(transaction), transaction, FINISHED);
    await expectNotFound(rollback(transaction), transaction, FINISHED);
  });

  it('stays aborted after a statement failed, and commits nothing', async () => {
    const transaction = await standIn.begin();
    await insert(1, transaction);
    await expect(insert(1, transaction)).rejects.toThrow('SQLState: 23505');
    await expectRefusal(insert(2, transaction), 'DatabaseErrorException', ABORTED);
    await expectRefusal(commit(transaction), 'DatabaseErrorException', ABORTED);
    await expectNotFound(rollback(transaction), transaction, FINISHED);
    expect(await kept()).toEqual([]);
  });

  it('goes on from a savepoint after a statement failed', async () => {
    const transaction = await standIn.begin();
    await insert(1, transaction);
    await standIn.execute('SAVEPOINT here', [], transaction);
    await expect(insert(1, transaction)).rejects.toThrow('SQLState: 23505');
    await standIn.execute('ROLLBACK TO here', [], transaction);
    await insert(2, transaction);
    await commit(transaction);
    expect(await kept()).toEqual([1, 2]);
  });

  it('refuses a second call while one runs, which goes on', async () => {
    const transaction = await standIn.begin();
    const blocker = await standIn.begin();
    await standIn.execute('LOCK TABLE kept', [], blocker);
    const first = insert(1, transaction);
    await standIn.untilRunning('INSERT INTO kept');
    const BUSY = 'Transaction is still running a query';
    await expectRefusal(insert(2, transaction), 'DatabaseErrorException', BUSY);
    await expectRefusal(commit(transaction), 'DatabaseErrorException', BUSY);
    await rollback(blocker);
    await first;
    await commit(transaction);
    expect(await kept()).toEqual([1]);
  });

  it('has its settings and its temporary tables to itself', async () => {
    const transaction = await standIn.begin();
    await standIn.execute("SET LOCAL application_name = 'mine'", [], transaction);
    expect(await standIn.column('SHOW application_name', transaction)).toEqual(['mine']);
    expect(await standIn.column('SHOW application_name')).toEqual(['data-api']);
    await rollback(transaction);
  });

  it('cannot be used in another database', async () => {
    const transaction = await standIn.begin();
    await expectRefusal(
      standIn.execute('SELECT 1', [], { ...transaction, database: 'postgres' }),
      'ValidationException',
      'The database is not that of the transaction.',
    );
    await rollback(transaction);
  });

  it('refuses a schema when it begins', () =>
    expectRefusal(
      standIn.client.beginTransaction({ ...target, schema: 'public' }),
      'ValidationException',
      "The schema parameter isn't supported",
    ));
});

describe('a transaction without a call', () => {
  it('is rolled back after 3 minutes, and no earlier', async () => {
    const transaction = await standIn.begin();
    await insert(1, transaction);
    standIn.pass(3 * MINUTE_MS - 1);
    await insert(2, transaction);
    standIn.pass(3 * MINUTE_MS);
    await expectNotFound(insert(3, transaction), transaction, EXPIRED);
    await expectNotFound(commit(transaction), transaction, EXPIRED);
    expect(await kept()).toEqual([]);
  });
});

describe('a transaction of 24 hours', () => {
  it('is rolled back however busy it is', async () => {
    const transaction = await standIn.begin();
    for (let passed = 0; passed < 24 * HOUR_MS; passed += 2.5 * MINUTE_MS) {
      await standIn.execute('SELECT 1', [], transaction);
      standIn.pass(2.5 * MINUTE_MS);
    }
    await expectNotFound(insert(1, transaction), transaction, EXPIRED);
  });

  it('ends under a statement that still runs, which lets go of its locks', async () => {
    const transaction = await standIn.begin();
    await insert(1, transaction);
    const lost = expect(
      standIn.execute('SELECT pg_sleep(601)', [], { ...transaction, continueAfterTimeout: true }),
    ).rejects.toThrow('Request timed out');
    await standIn.untilRunning('pg_sleep(601)');
    standIn.pass(24 * HOUR_MS);
    await lost;
    await insert(1); // would wait for the other to end
    await expectNotFound(insert(2, transaction), transaction, EXPIRED);
  });
});

describe('a statement of 45 seconds', () => {
  const TIMED_OUT = { name: 'StatementTimeoutException', message: 'Request timed out' };

  it('is cancelled, and its transaction is aborted', async () => {
    const transaction = await standIn.begin();
    await insert(1, transaction);
    const running = standIn.execute('SELECT pg_sleep(602)', [], transaction);
    await standIn.untilRunning('pg_sleep(602)');
    standIn.pass(45 * SECOND_MS);
    await expect(running).rejects.toMatchObject({
      ...TIMED_OUT,
      dbConnectionId: expect.any(Number),
      $metadata: { httpStatusCode: 400 },
    });
    await expectRefusal(insert(2, transaction), 'DatabaseErrorException', ABORTED);
    await rollback(transaction);
  });

  it.each([
    ['alone', undefined],
    ['and its transaction', 'begun'],
  ])('ends with its session when it is deaf to a cancel, %s', async (_what, begun) => {
    const transaction = begun && (await standIn.begin());
    const running = standIn.execute(
      `DO $$BEGIN LOOP
         BEGIN PERFORM pg_sleep(603); EXCEPTION WHEN query_canceled THEN NULL; END;
       END LOOP; END$$`,
      [],
      transaction || undefined,
    );
    running.catch(() => {});
    await standIn.untilRunning('pg_sleep(603)');
    standIn.pass(45 * SECOND_MS);
    standIn.pass(SECOND_MS);
    await expect(running).rejects.toMatchObject(TIMED_OUT);
    const { rowCount } = await standIn.pg.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(603)%' AND pid <> pg_backend_pid()",
    );
    expect(rowCount).toBe(0);
    if (transaction) await expectNotFound(insert(1, transaction), transaction, LOST);
  });

  it('may be the commit, which has not happened then', async () => {
    await standIn.pg.query(`
      CREATE TABLE slow (id integer);
      CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN PERFORM pg_sleep(604); RETURN NULL; END$$;
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION sleep()`);
    const transaction = await standIn.begin();
    await standIn.execute('INSERT INTO slow VALUES (1)', [], transaction);
    const committing = commit(transaction);
    await standIn.untilRunning('COMMIT');
    standIn.pass(45 * SECOND_MS);
    await expect(committing).rejects.toMatchObject(TIMED_OUT);
    expect(await standIn.column('SELECT count(*) FROM slow')).toEqual([0]);
    await expectNotFound(commit(transaction), transaction, FINISHED);
  });

  it('does not end when it takes less', async () => {
    const blocker = await standIn.begin();
    await standIn.execute('LOCK TABLE kept', [], blocker);
    const running = insert(1);
    await standIn.untilRunning('INSERT INTO kept');
    standIn.pass(45 * SECOND_MS - 1);
    await rollback(blocker);
    await running;
    expect(await kept()).toEqual([1]);
  });

  it('runs on with continueAfterTimeout, after the caller was told', async () => {
    const blocker = await standIn.begin();
    await standIn.execute('LOCK TABLE kept', [], blocker);
    const running = standIn.execute('INSERT INTO kept VALUES (7)', [], {
      continueAfterTimeout: true,
    });
    await standIn.untilRunning('INSERT INTO kept');
    standIn.pass(45 * SECOND_MS);
    await expect(running).rejects.toMatchObject(TIMED_OUT);
    await rollback(blocker);
    await eventually(async () => expect(await kept()).toEqual([7]));
  });

  it('is told from a batch of many, which ends where it is', async () => {
    const running = standIn.client.batchExecuteStatement({
      ...target,
      sql: 'SELECT pg_sleep(:s)',
      parameterSets: [
        [{ name: 's', value: { doubleValue: 500 } }],
        [{ name: 's', value: { doubleValue: 501 } }],
      ],
    });
    await standIn.untilRunning('pg_sleep($1)');
    standIn.pass(45 * SECOND_MS);
    await expect(running).rejects.toMatchObject(TIMED_OUT);
    const { rowCount } = await standIn.pg.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep($1)%' AND state = 'active' AND pid <> pg_backend_pid()",
    );
    expect(rowCount).toBe(0);
  });
});
