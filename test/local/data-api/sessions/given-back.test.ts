import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn, target } from '../stand-in.ts';
import { useKept } from './kept.ts';

const SECOND_MS = 1000;

const test = useKept();

/** What a session may have, how to see it, and what a session without it answers. */
const STATE: [sql: string, question: string, answer: unknown[]][] = [
  ["SET application_name = 'mine'", 'SHOW application_name', ['data-api']],
  ['CREATE TEMPORARY TABLE mine (id integer)', "SELECT to_regclass('mine')::text", [true]],
  ['PREPARE mine AS SELECT 1', 'SELECT count(*) FROM pg_prepared_statements', [0]],
  [
    'DECLARE mine CURSOR WITH HOLD FOR SELECT 1',
    "SELECT count(*) FROM pg_cursors WHERE name = 'mine'",
    [0],
  ],
  ['LISTEN mine', 'SELECT count(*) FROM pg_listening_channels()', [0]],
  ['SET ROLE NONE', 'SELECT current_user = session_user', [true]],
];

describe('outside a transaction', () => {
  it('a call commits by itself', async () => {
    await test.insert(1);
    expect(await test.kept()).toEqual([1]);
  });

  it.each([
    [
      'SELECT pg_advisory_lock(7)',
      `SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database
       WHERE locktype = 'advisory' AND datname = current_database()`, // other tests lock elsewhere
      [0],
    ],
    ['BEGIN', 'SELECT pg_current_xact_id_if_assigned() IS NULL', [true]],
    ...STATE,
  ])('%s does not carry over to the next call', async (sql, question, answer) => {
    await test.standIn.execute(sql);
    expect(await test.standIn.column(question)).toEqual(answer);
  });

  it.each([
    'VACUUM kept',
    "ALTER TYPE mood ADD VALUE 'sad'",
    'CREATE INDEX CONCURRENTLY kept_twice ON kept (id)',
  ])('no BEGIN is implied: %s works', async (sql) => {
    await test.standIn.pg.query("DROP TYPE IF EXISTS mood; CREATE TYPE mood AS ENUM ('calm')");
    expect(await test.standIn.execute(sql)).toMatchObject({ numberOfRecordsUpdated: 0 });
  });
});

describe('a session that is given back', () => {
  /**
   * A transaction whose session takes long to be given back: another holds what it needs for that.
   */
  async function heldUp() {
    const transaction = await test.standIn.begin();
    await test.standIn.execute('CREATE TEMPORARY TABLE held (id integer)', [], transaction);
    const [pid] = await test.standIn.column('SELECT pg_backend_pid()', transaction);
    await test.standIn.pg.query('BEGIN; LOCK TABLE pg_class');
    const isHeld = async () =>
      (await test.standIn.pg.query("SELECT FROM pg_class WHERE relname = 'held'")).rowCount !== 0;
    const isHeldWhenAnswered = test.commit(transaction).then(isHeld);
    await test.standIn.untilRunning('DISCARD');
    return { pid, isHeldWhenAnswered };
  }

  it('has let go of all it had when the call is answered', async () => {
    const { isHeldWhenAnswered } = await heldUp();
    await test.standIn.pg.query('COMMIT');
    expect(await isHeldWhenAnswered).toBe(false);
  });

  it('is ended when that takes longer than 5 seconds', async () => {
    const { pid, isHeldWhenAnswered } = await heldUp();
    test.standIn.pass(5 * SECOND_MS);
    await test.standIn.pg.query('COMMIT');
    expect(await isHeldWhenAnswered).toBe(false);
    const sessions = 'SELECT FROM pg_stat_activity WHERE pid = $1';
    expect((await test.standIn.pg.query(sessions, [pid])).rowCount).toBe(0);
  });
});

describe('a session whose login may take no advisory locks', () => {
  const username = `no_locks_${randomUUID().replaceAll('-', '')}`;
  let standIn: StandIn;
  beforeAll(async () => {
    await test.standIn.pg.query(`CREATE ROLE ${username} LOGIN PASSWORD 'secret'`);
    const secrets = [{ secretArn: target.secretArn, username, password: 'secret' }];
    standIn = await startStandIn({ secrets });
    await standIn.pg.query(`
      REVOKE EXECUTE ON FUNCTION pg_advisory_unlock_all() FROM PUBLIC;
      CREATE SEQUENCE counted; GRANT USAGE ON SEQUENCE counted TO PUBLIC`);
  });
  afterAll(async () => {
    await standIn.stop();
    await test.standIn.pg.query(`DROP ROLE ${username}`);
  });

  it.each(STATE)('%s does not carry over to the next call', async (sql, question, answer) => {
    await standIn.execute(sql);
    expect(await standIn.column(question)).toEqual(answer);
  });

  it('has no sequence that it has used', async () => {
    await standIn.execute("SELECT nextval('counted')");
    await expect(standIn.execute("SELECT currval('counted')")).rejects.toThrow('55000');
  });

  it('loses its locks where it is let take them afterwards', async () => {
    await standIn.execute('SELECT 1');
    await standIn.pg.query('GRANT EXECUTE ON FUNCTION pg_advisory_unlock_all() TO PUBLIC');
    await standIn.execute('SELECT pg_advisory_lock(8)');
    const { rows } = await standIn.pg.query(
      `SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database
       WHERE locktype = 'advisory' AND datname = current_database()`,
    );
    expect(rows).toEqual([]);
  });
});
