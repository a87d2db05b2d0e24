import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('seller_keys')
    .addColumn('id', 'varchar(16)', (column) => column.notNull())
    .addColumn('user_id', 'bigint', (column) => column.notNull())
    .addColumn('label', 'varchar(100)', (column) => column.notNull())
    .addColumn('scopes', 'varchar(100)', (column) => column.notNull())
    .addColumn('secret_sha256', 'bytea', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('last_used_at', 'timestamptz')
    .addColumn('expires_at', 'timestamptz')
    .addColumn('revoked_at', 'timestamptz')
    .addColumn('replaced_by', 'varchar(16)')
    .addPrimaryKeyConstraint('seller_keys_pkey', ['id'])
    .addForeignKeyConstraint('seller_keys_user_id_fkey', ['user_id'], 'users', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'seller_keys_replaced_by_fkey',
      ['replaced_by'],
      'seller_keys',
      ['id'],
      (key) => key.onDelete('set null'),
    )
    .addCheckConstraint('seller_keys_secret_sha256_check', sql`length(secret_sha256) = 32`)
    .execute();

  // Deleting a seller finds its keys, and a seller's keys are listed. Nobody deletes a key, but a
  // seller's keys go with it, and each asks who is replaced by it.
  await db.schema
    .createIndex('seller_keys_user_id_idx')
    .on('seller_keys')
    .columns(['user_id'])
    .execute();
  await db.schema
    .createIndex('seller_keys_replaced_by_idx')
    .on('seller_keys')
    .columns(['replaced_by'])
    .execute();
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('seller_keys').execute();
}
