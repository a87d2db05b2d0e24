import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { createClient } from '../postgres/client.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { SecretCredentials } from '../secrets-manager/server.ts';

/** What the templates say of secrets; those without a username are no database user's. */
export interface SecretNames {
  readonly secretArn: string;
  readonly username: string | undefined;
}

/** Creates each cluster's database, as the deploy would. What is there already stays. */
export async function createDatabases(
  postgres: PostgresServer,
  clusters: readonly { readonly databaseName: string }[],
): Promise<void> {
  const client = createClient(postgres.url());
  await client.connect();
  try {
    for (const { databaseName } of clusters) await createDatabase(client, databaseName);
  } finally {
    await client.end();
  }
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
}

/**
 * What the deploy would put into each secret: the owner's password, which PostgreSQL has;
 * and new ones for the others, which the migrate function will give to their logins.
 */
export function generateSecrets(
  postgres: Pick<PostgresServer, 'user' | 'password'>,
  secrets: readonly SecretNames[],
): SecretCredentials[] {
  return secrets.flatMap(({ secretArn, username }) => {
    if (username === undefined) return [];
    const isOwner = username === postgres.user;
    const password = isOwner ? postgres.password : randomBytes(24).toString('base64url');
    return [{ secretArn, username, password }];
  });
}
