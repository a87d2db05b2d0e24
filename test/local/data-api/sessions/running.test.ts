import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SessionEndedEarlyError } from '../../../../local/data-api/errors.ts';
import { type Login, Session } from '../../../../local/data-api/postgres/session.ts';
import { withPooledSession } from '../../../../local/data-api/sessions/running.ts';
import type { SessionPool } from '../../../../local/data-api/sessions/session-pool.ts';
import { type StandIn, startStandIn } from '../stand-in.ts';

let standIn: StandIn;
let login: Login;

beforeAll(async () => {
  standIn = await startStandIn();
  const { host, port, user, password } = standIn.pg;
  const { database } = standIn;
  login = { host, port, database, username: user ?? '', password: password ?? '' };
});
afterAll(() => standIn.stop());

const NEVER = new AbortController().signal;
const select = (session: Session) => session.run({ text: 'SELECT 1', values: [] });

/** A session that PostgreSQL ended after it was used. */
async function endedSession(): Promise<Session> {
  const session = await Session.open(login);
  await session.reset();
  await standIn.pg.query('SELECT pg_terminate_backend($1, 10000)', [session.pid]);
  return session;
}

/** A pool that has not noticed yet how its sessions are. */
const poolOf = (...sessions: Session[]) =>
  ({ acquire: async () => sessions.shift() }) as unknown as SessionPool;

describe('withPooledSession', () => {
  it('goes on with another session when one ended before the statement could begin', async () => {
    const good = await Session.open(login);
    const pool = poolOf(await endedSession(), await endedSession(), good);
    const { tag } = await withPooledSession(pool, login, NEVER, select);
    expect(tag).toBe('SELECT 1');
    await good.close();
  });

  it('does not try again with a session that nobody had used: PostgreSQL lets nobody in', async () => {
    const fresh = await Session.open(login);
    await fresh.close();
    const tried = withPooledSession(poolOf(fresh, fresh), login, NEVER, select);
    await expect(tried).rejects.toBeInstanceOf(SessionEndedEarlyError);
  });

  it('does not try again what failed for another reason', async () => {
    const session = await Session.open(login);
    const fail = () => session.run({ text: 'SELECT 1 / 0', values: [] });
    await expect(withPooledSession(poolOf(session), login, NEVER, fail)).rejects.toThrow(
      'division by zero',
    );
    await session.close();
  });
});
