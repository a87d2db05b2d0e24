import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('username', 'varchar(50)', (column) => column.notNull())
    .addPrimaryKeyConstraint('users_pkey', ['id'])
    .addUniqueConstraint('users_username_key', ['username'])
    .execute();

  await db.schema
    .createTable('orders')
    .addColumn('id', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('user_id', 'bigint', (column) => column.notNull())
    .addColumn('order_number', 'varchar(50)', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull())
    .addColumn('total_amount', 'numeric(12, 2)', (column) => column.notNull())
    .addColumn('status', 'varchar(20)', (column) => column.notNull())
    .addColumn('items_digest', 'bytea', (column) => column.notNull())
    .addColumn('first_uploaded_at', 'timestamptz', (column) =>
      column.notNull().defaultTo(sql`now()`),
    )
    .addColumn('last_changed_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint('orders_pkey', ['id'])
    .addUniqueConstraint('orders_order_number_key', ['order_number'])
    .addForeignKeyConstraint('orders_user_id_fkey', ['user_id'], 'users', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute();

  // Deleting a seller finds its orders, and a seller's orders are read by day.
  await db.schema
    .createIndex('orders_user_id_created_at_idx')
    .on('orders')
    .columns(['user_id', 'created_at'])
    .execute();

  await db.schema
    .createTable('order_items')
    .addColumn('order_id', 'bigint', (column) => column.notNull())
    .addColumn('line_no', 'integer', (column) => column.notNull())
    .addColumn('sku', 'varchar(50)', (column) => column.notNull())
    .addColumn('name', 'varchar(255)', (column) => column.notNull())
    .addColumn('quantity', 'integer', (column) => column.notNull())
    .addColumn('price', 'numeric(10, 2)', (column) => column.notNull())
    .addPrimaryKeyConstraint('order_items_pkey', ['order_id', 'line_no'])
    .addForeignKeyConstraint('order_items_order_id_fkey', ['order_id'], 'orders', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .addCheckConstraint('order_items_quantity_check', sql`quantity >= 0`)
    .execute();

  // No check on orders_count: a check also sees the negative difference that an upsert proposes.
  await db.schema
    .createTable('daily_order_stats')
    .addColumn('user_id', 'bigint', (column) => column.notNull())
    .addColumn('day', 'date', (column) => column.notNull())
    .addColumn('status', 'varchar(20)', (column) => column.notNull())
    .addColumn('orders_count', 'bigint', (column) => column.notNull())
    .addColumn('total_revenue', 'numeric(24, 2)', (column) => column.notNull())
    .addPrimaryKeyConstraint('daily_order_stats_pkey', ['user_id', 'day', 'status'])
    .addForeignKeyConstraint(
      'daily_order_stats_user_id_fkey',
      ['user_id'],
      'users',
      ['id'],
      (key) => key.onDelete('cascade'),
    )
    .execute();

  // SQL has no expression that raises: the upload's statement calls this to undo itself as a whole.
  await sql`
    CREATE FUNCTION raise_serialization_failure(reason text) RETURNS integer
    LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = reason;
    END
    $$
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP FUNCTION raise_serialization_failure(text)`.execute(db);
  for (const table of ['daily_order_stats', 'order_items', 'orders', 'users']) {
    await db.schema.dropTable(table).execute();
  }
}
