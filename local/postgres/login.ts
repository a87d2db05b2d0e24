import { MachineError } from '../machine-error.ts';
import { createClient } from './client.ts';
import { logOf, passwordFileOf, SUPERUSER } from './data-folder.ts';

/**
 * Logs in as everybody will who has the password that is kept beside the data.
 *
 * @throws {MachineError} when the server does not let them in
 */
export async function assertLogin(dataDir: string, port: number, password: string): Promise<void> {
  const client = createClient({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
  });
  try {
    await client.connect();
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    throw new MachineError(
      code === INVALID_PASSWORD
        ? `${passwordFileOf(dataDir)} is not the password of the database beside it: put that back, or delete ${dataDir}.`
        : `PostgreSQL lets nobody in; ${logOf(dataDir)} says why: ${message}.`,
      { cause },
    );
  } finally {
    await client.end();
  }
}

/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const INVALID_PASSWORD = '28P01';
