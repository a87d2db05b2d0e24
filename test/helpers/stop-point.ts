import { randomInt } from 'node:crypto';
import pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';

/** A place in a database at which a statement waits until it is let on. */
export interface StopPoint {
  /** Resolves when a statement has come here, and waits. */
  reached(): Promise<void>;
  letOn(): Promise<void>;
}

/**
 * Stops the first statement from now on that begins to insert into, update or delete from a table,
 * before it touches a row; its snapshot is taken by then. Others pass.
 *
 * A trigger does it, which waits for an advisory lock that is held here.
 * It goes when the test is over.
 *
 * @param url of the database
 */
export async function stopBefore(
  url: string,
  event: 'INSERT' | 'UPDATE' | 'DELETE',
  table: string,
): Promise<StopPoint> {
  const key = randomInt(2 ** 31);
  const name = `stop_${key}`;
  const holder = new pg.Client(url);
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock($1)', [key]);
  await holder.query(`
    CREATE SEQUENCE ${name};
    CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      IF nextval('${name}') = 1 THEN PERFORM pg_advisory_xact_lock_shared(${key}); END IF;
      RETURN NULL;
    END
    $$;
    CREATE TRIGGER ${name} BEFORE ${event} ON ${table} EXECUTE FUNCTION ${name}()`);
  onTestFinished(async () => {
    // The test may have failed before it was let on.
    await holder.query('SELECT pg_advisory_unlock_all()');
    await holder.query(`DROP FUNCTION ${name} CASCADE; DROP SEQUENCE ${name}`);
    await holder.end();
  });
  return {
    async reached() {
      await eventually(async () => {
        const { rowCount } = await holder.query(
          `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`,
          [key],
        );
        expect(rowCount).toBeGreaterThan(0);
      });
    },
    async letOn() {
      await holder.query('SELECT pg_advisory_unlock($1)', [key]);
    },
  };
}
