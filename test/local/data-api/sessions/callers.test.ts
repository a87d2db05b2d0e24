import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CallerGoneError } from '../../../../local/data-api/errors.ts';
import { CANCEL_MS, STATEMENT_MS } from '../../../../local/data-api/limits.ts';
import type { Backend } from '../../../../local/data-api/operations/backend.ts';
import { beginTransaction } from '../../../../local/data-api/operations/transaction-operations.ts';
import { Session } from '../../../../local/data-api/postgres/session.ts';
import { Input } from '../../../../local/data-api/request/input.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { type StandIn, startStandIn, target } from '../stand-in.ts';

const SESSIONS = 2;

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn({ maxSessions: SESSIONS });
  await standIn.pg.query(`
    CREATE TABLE kept (id integer);
    CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      $$BEGIN PERFORM pg_advisory_xact_lock(8); RETURN NULL; END$$;
    CREATE TABLE deferred (id integer);
    CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON deferred DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION wait()`);
});
afterEach(async () => {
  standIn.server.faults.clear();
  await standIn.pg.query('TRUNCATE kept');
});
afterAll(() => standIn.stop());

interface Call {
  readonly transactionId?: string;
  readonly continueAfterTimeout?: boolean;
}

/** A call whose caller will go: its connection ends before there is an answer. */
function leaving(call: (abortSignal: AbortSignal) => Promise<unknown>) {
  const caller = new AbortController();
  const left = expect(call(caller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  return {
    leave: () => {
      caller.abort();
      return left;
    },
  };
}
const leavingExecute = (sql: string, more: Call = {}) =>
  leaving((abortSignal) =>
    standIn.client.executeStatement({ ...target, sql, ...more }, { abortSignal }),
  );
const kept = async () => (await standIn.pg.query('SELECT id FROM kept')).rows.map(({ id }) => id);
const untilKept = (id: number) => eventually(async () => expect(await kept()).toContain(id));
/** Until nobody waits for a session, and no statement runs or is cancelled. */
const untilNobodyWaits = () =>
  eventually(() => {
    const delays = standIn.clock.delays();
    expect(delays).not.toContain(STATEMENT_MS);
    expect(delays).not.toContain(CANCEL_MS);
  });
/** An insert that waits for the lock that `work` holds. */
const whileLocked = async (work: () => Promise<void>) => {
  await standIn.pg.query('BEGIN; LOCK TABLE kept');
  await work();
  await standIn.pg.query('COMMIT');
};

describe('a caller that goes', () => {
  it('has its statement cancelled, so that it holds no session', async () => {
    for (let round = 0; round < 2 * SESSIONS; round++) {
      const { leave } = leavingExecute('SELECT pg_sleep(605)');
      await standIn.untilRunning('pg_sleep(605)');
      await leave();
      await standIn.untilEnded('pg_sleep(605)');
    }
    expect(await standIn.column('SELECT 1')).toEqual([1]);
  });

  it('has its batch ended where it is', async () => {
    const { leave } = leaving((abortSignal) =>
      standIn.client.batchExecuteStatement(
        {
          ...target,
          sql: 'INSERT INTO kept SELECT :id FROM pg_sleep(:s)',
          parameterSets: [606, 0].map((seconds, index) => [
            { name: 'id', value: { longValue: index } },
            { name: 's', value: { doubleValue: seconds } },
          ]),
        },
        { abortSignal },
      ),
    );
    await standIn.untilRunning('pg_sleep($2)');
    await leave();
    await untilNobodyWaits();
    expect(await kept()).toEqual([]);
  });

  it('leaves its transaction aborted', async () => {
    const transaction = await standIn.begin();
    const { leave } = leavingExecute('SELECT pg_sleep(607)', transaction);
    await standIn.untilRunning('pg_sleep(607)');
    await leave();
    await untilNobodyWaits();
    await expect(standIn.execute('SELECT 1', [], transaction)).rejects.toThrow('SQLState: 25P02');
    await standIn.client.rollbackTransaction({ ...target, ...transaction });
  });

  it.each([
    [
      'statement',
      (abortSignal: AbortSignal) =>
        standIn.client.executeStatement(
          { ...target, sql: 'INSERT INTO kept VALUES (1)' },
          { abortSignal },
        ),
    ],
    [
      'transaction',
      (abortSignal: AbortSignal) => standIn.client.beginTransaction(target, { abortSignal }),
    ],
  ])('gives up its place in the line for a session: for a %s', async (_what, call) => {
    const holders = await Promise.all(Array.from({ length: SESSIONS }, () => standIn.begin()));
    const { leave } = leaving(call);
    await standIn.clock.timer(45_000);
    await leave();
    await untilNobodyWaits();
    for (const holder of holders)
      await standIn.client.rollbackTransaction({ ...target, ...holder });
    await Promise.all(Array.from({ length: SESSIONS }, () => standIn.execute('SELECT 1')));
    expect(await kept()).toEqual([]);
  });

  it('leaves no transaction behind that nobody knows of', async () => {
    const { host, port, user = '', password = '' } = standIn.pg;
    const login = {
      host,
      port,
      database: standIn.database,
      username: user,
      password: password ?? '',
    };
    const session = await Session.open(login);
    const gone = new AbortController();
    const released: Session[] = [];
    const backend = {
      clock: standIn.clock,
      account: {
        postgres: { host, port },
        clusters: [target],
        secrets: [{ ...target, ...login }],
      },
      pool: {
        acquire: async () => {
          setImmediate(() => gone.abort(new CallerGoneError()));
          return session;
        },
        release: async (given: Session) => {
          released.push(given);
        },
      },
    } as unknown as Backend;
    const begun = beginTransaction(new Input(target), backend, gone.signal);
    await expect(begun).rejects.toBeInstanceOf(CallerGoneError);
    expect(released).toEqual([session]);
    await session.close();
  });
});

describe('goes on when its caller goes', () => {
  it('a statement that may continue after its time', () =>
    whileLocked(async () => {
      const { leave } = leavingExecute('INSERT INTO kept VALUES (2)', {
        continueAfterTimeout: true,
      });
      await standIn.untilRunning('INSERT INTO kept');
      await leave();
    }).then(() => untilKept(2)));

  it('a commit', async () => {
    const transaction = await standIn.begin();
    await standIn.execute('INSERT INTO deferred VALUES (1)', [], transaction);
    await standIn.execute('INSERT INTO kept VALUES (3)', [], transaction);
    await standIn.pg.query('SELECT pg_advisory_lock(8)');
    const { leave } = leaving((abortSignal) =>
      standIn.client.commitTransaction({ ...target, ...transaction }, { abortSignal }),
    );
    await standIn.untilRunning('COMMIT');
    await leave();
    await standIn.pg.query('SELECT pg_advisory_unlock(8)');
    await untilKept(3);
  });

  it('a call that is late, as nothing on AWS is known to call it back', async () => {
    standIn.server.faults.add({ kind: 'latency', delayMs: 33_000 });
    const { leave } = leavingExecute('INSERT INTO kept VALUES (4)');
    await standIn.clock.timer(33_000);
    await leave();
    standIn.clock.pass(33_000);
    await untilKept(4);
  });

  it('any call, when that is asked for', () =>
    whileLocked(async () => {
      standIn.server.faults.add({ kind: 'detached' });
      const { leave } = leavingExecute('INSERT INTO kept VALUES (5)');
      await standIn.untilRunning('INSERT INTO kept');
      await leave();
    }).then(() => untilKept(5)));
});
