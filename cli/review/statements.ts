import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Database } from '../../db/schema.ts';
import type { SchemaMigration } from '../../db/schema-migration.ts';

/** The statements that a migration runs, in their order, as if every table were empty. */
export async function statementsOf(migration: SchemaMigration): Promise<string[]> {
  if (!('up' in migration)) {
    return migration.indexes.map(
      ({ name, table, by }) => `CREATE INDEX CONCURRENTLY ${name} ON ${table} ${by}`,
    );
  }
  const statements: string[] = [];
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void statements.push(query.sql),
  });
  await migration.up(db);
  return statements;
}
