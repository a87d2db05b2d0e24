import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { PostgresServer } from '../postgres/server.ts';

/** What the templates say of databases. */
export interface DatabaseNames {
  readonly clusters: readonly { readonly databaseName: string }[];
  /** Those without a username are no database user's. */
  readonly secrets: readonly {
    readonly secretArn: string;
    readonly username: string | undefined;
  }[];
}

export interface SecretCredentials {
  readonly secretArn: string;
  readonly username: string;
  readonly password: string;
}

/**
 * Creates what the deploy would: each cluster's database, and a role for each secret, with a new
 * password. What is there already stays.
 *
 * @returns what each secret holds
 */
export async function createDatabases(
  postgres: PostgresServer,
  { clusters, secrets }: DatabaseNames,
): Promise<SecretCredentials[]> {
  const client = new pg.Client(postgres.url());
  await client.connect();
  try {
    for (const { databaseName } of clusters) await createDatabase(client, databaseName);
    const credentials = secrets.flatMap(({ secretArn, username }) => {
      if (username === undefined) return [];
      const password =
        username === postgres.user ? postgres.password : randomBytes(24).toString('base64url');
      return [{ secretArn, username, password }];
    });
    for (const secret of credentials) {
      if (secret.username !== postgres.user) await createRole(client, secret);
    }
    return credentials;
  } finally {
    await client.end();
  }
}

async function createDatabase(client: pg.Client, name: string): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!rowCount) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
}

async function createRole(client: pg.Client, { username, password }: SecretCredentials) {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [username]);
  const role = client.escapeIdentifier(username);
  if (!rowCount) await client.query(`CREATE ROLE ${role}`);
  await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}
