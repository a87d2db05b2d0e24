import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('nightly_runs')
    .addColumn('id', 'uuid', (column) => column.notNull())
    .addColumn('kind', 'varchar(10)', (column) => column.notNull())
    .addColumn('period_from', 'date', (column) => column.notNull())
    .addColumn('period_to', 'date', (column) => column.notNull())
    .addColumn('status', 'varchar(10)', (column) => column.notNull())
    .addColumn('started_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('finished_at', 'timestamptz')
    .addColumn('duration_ms', 'bigint')
    .addColumn('days_checked', 'integer')
    .addColumn('rows_checked', 'bigint')
    .addColumn('drift_found', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('drift_repaired', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('noticed_by', 'uuid')
    .addColumn('error', 'varchar(1000)')
    .addPrimaryKeyConstraint('nightly_runs_pkey', ['id'])
    .addCheckConstraint('nightly_runs_kind_check', sql`kind IN ('night', 'backfill')`)
    .addCheckConstraint(
      'nightly_runs_status_check',
      sql`status IN ('running', 'succeeded', 'unfinished', 'failed', 'abandoned')`,
    )
    .execute();

  // The newest runs are looked at, and those that still run are looked for.
  await db.schema
    .createIndex('nightly_runs_started_at_idx')
    .on('nightly_runs')
    .column('started_at')
    .execute();

  await db.schema
    .createTable('proved_days')
    .addColumn('day', 'date', (column) => column.notNull())
    .addColumn('proofs', 'bigint', (column) => column.notNull())
    .addColumn('proved_at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('proved_days_pkey', ['day'])
    .execute();
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('proved_days').execute();
  await db.schema.dropTable('nightly_runs').execute();
}
