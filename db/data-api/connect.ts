import { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { DataApiClient } from './client.ts';
import { PatchedDataApiDialect } from './dialect.ts';
import { DATABASE_NAME, DATABASE_RESOURCE_ARN, DATABASE_SECRET_ARN, required } from './env.ts';

/** Where a database is and as whom to use it. */
export interface DatabaseAddress {
  readonly resourceArn: string;
  readonly secretArn: string;
  readonly database: string;
}

/** The address that the deploy gave this function. */
export function databaseAddress(env: NodeJS.ProcessEnv = process.env): DatabaseAddress {
  return {
    resourceArn: required(env, DATABASE_RESOURCE_ARN),
    secretArn: required(env, DATABASE_SECRET_ARN),
    database: required(env, DATABASE_NAME),
  };
}

/** Kysely over the Data API. `client` is shared, so that its connections are. */
export function connect(
  address: DatabaseAddress,
  client: DataApiClient = new DataApiClient(),
): Kysely<Database> {
  return new Kysely<Database>({
    dialect: new PatchedDataApiDialect({ mode: 'postgres', driver: { ...address, client } }),
  });
}
