import { MachineError } from '../machine-error.ts';
import { createClient } from './client.ts';
import { logOf, passwordFileOf, SUPERUSER } from './data-folder.ts';

/**
 * Logs in as everybody will, and answers with which of the passwords that are kept beside the data.
 *
 * @throws {MachineError} when the server does not let them in
 */
export async function findPassword(
  dataDir: string,
  port: number,
  passwords: readonly string[],
): Promise<string> {
  for (const password of passwords) {
    if (await opens(dataDir, port, password)) return password;
  }
  throw new MachineError(
    `${passwordFileOf(dataDir)} is not the password of the database beside it: put that back, or delete ${dataDir}.`,
  );
}

async function opens(dataDir: string, port: number, password: string): Promise<boolean> {
  const client = createClient({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
  });
  try {
    await client.connect();
    return true;
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    if (code === INVALID_PASSWORD) return false;
    throw new MachineError(`PostgreSQL lets nobody in; ${logOf(dataDir)} says why: ${message}.`, {
      cause,
    });
  } finally {
    await client.end();
  }
}

/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const INVALID_PASSWORD = '28P01';
