import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ITERATIONS = 4096; // PostgreSQL's default; more would slow every new session down

/**
 * What PostgreSQL keeps of a password for SCRAM-SHA-256. `ALTER ROLE … PASSWORD` takes it in place
 * of the password, which so never stands in a statement, nor in a log of statements.
 *
 * @param password printable ASCII, of which SCRAM's normal form is the same
 * @see https://www.postgresql.org/docs/18/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt: Uint8Array = randomBytes(16)): string {
  if (!/^[ -~]+$/.test(password)) throw new Error('A database password must be printable ASCII.');
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
