import { type Kysely, sql } from 'kysely';

// Every request that changes orders leaves a receipt, and an order that is replaced or deleted its former
// version. What was written by which request is told by the transaction's id: it costs no index of its own,
// and those below a snapshot's horizon can be read in an order in which nothing comes later that was before.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    CREATE TABLE uploads (
      id uuid NOT NULL DEFAULT uuidv7() PRIMARY KEY,
      user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id() UNIQUE,
      kind varchar(10) NOT NULL DEFAULT 'upload' CHECK (kind IN ('upload', 'delete', 'undo')),
      created_at timestamptz NOT NULL DEFAULT now(),
      key_id varchar(16) NOT NULL,
      request_id varchar(100) NOT NULL,
      orders_count integer NOT NULL,
      items_count integer NOT NULL,
      orders_created integer NOT NULL DEFAULT 0,
      orders_updated integer NOT NULL DEFAULT 0,
      orders_stale integer NOT NULL DEFAULT 0,
      orders_deleted integer NOT NULL DEFAULT 0,
      stale_order_numbers text[] NOT NULL DEFAULT '{}',
      body_sha256 bytea CHECK (length(body_sha256) = 32),
      idempotency_key varchar(255),
      undoes uuid REFERENCES uploads ON DELETE SET NULL
    )
  `.execute(db);
  await sql`CREATE INDEX uploads_user_id_id_idx ON uploads (user_id, id)`.execute(db);
  await sql`CREATE INDEX uploads_undoes_idx ON uploads (undoes) WHERE undoes IS NOT NULL`.execute(
    db,
  );
  await sql`
    CREATE UNIQUE INDEX uploads_user_id_idempotency_key_idx ON uploads (user_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL
  `.execute(db);

  // A constant first, which no row is rewritten for: what was stored before comes before everything else,
  // as PostgreSQL itself calls what is always past 2.
  await sql`
    ALTER TABLE orders
      ADD COLUMN updated_at timestamptz,
      ADD COLUMN version integer NOT NULL DEFAULT 1,
      ADD COLUMN created_xid xid8 NOT NULL DEFAULT '2',
      ADD COLUMN changed_xid xid8 NOT NULL DEFAULT '2'
  `.execute(db);
  await sql`
    ALTER TABLE orders
      ALTER COLUMN created_xid SET DEFAULT pg_current_xact_id(),
      ALTER COLUMN changed_xid SET DEFAULT pg_current_xact_id()
  `.execute(db);
  // All rows have that; but only who asks for it gets this index. Others look for a seller's orders by another.
  await sql`
    CREATE INDEX orders_changes_idx ON orders (user_id, changed_xid, id) WHERE changed_xid >= '2'
  `.execute(db);

  // The items as the rows of a JSON array: nobody searches former ones, and one row costs less than many.
  await sql`
    CREATE TABLE order_versions (
      order_id bigint NOT NULL,
      version integer NOT NULL,
      user_id bigint NOT NULL,
      order_number varchar(50) COLLATE "C" NOT NULL,
      created_at timestamptz NOT NULL,
      total_amount numeric(12, 2) NOT NULL,
      status varchar(20) NOT NULL,
      updated_at timestamptz,
      items_digest bytea NOT NULL,
      items json NOT NULL,
      first_uploaded_at timestamptz NOT NULL,
      last_changed_at timestamptz NOT NULL,
      created_xid xid8 NOT NULL,
      changed_xid xid8 NOT NULL,
      replaced_at timestamptz NOT NULL DEFAULT now(),
      replaced_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      is_deletion boolean NOT NULL,
      PRIMARY KEY (order_id, version)
    )
  `.execute(db);
  await sql`CREATE INDEX order_versions_user_id_changed_xid_idx ON order_versions (user_id, changed_xid)`.execute(
    db,
  );
  await sql`CREATE INDEX order_versions_user_id_replaced_xid_idx ON order_versions (user_id, replaced_xid)`.execute(
    db,
  );
  await sql`
    CREATE INDEX order_versions_deletions_idx ON order_versions (user_id, replaced_xid, order_id)
    WHERE is_deletion
  `.execute(db);
  await sql`CREATE INDEX order_versions_replaced_at_idx ON order_versions USING brin (replaced_at)`.execute(
    db,
  );

  // The functions of the release before write orders until a deploy has replaced them; they do not say so.
  await sql`
    CREATE FUNCTION mark_order_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.changed_xid := pg_current_xact_id();
      RETURN NEW;
    END
    $$
  `.execute(db);
  await sql`
    CREATE TRIGGER mark_order_changed BEFORE UPDATE ON orders FOR EACH ROW
    WHEN (NEW.changed_xid = OLD.changed_xid AND NEW.last_changed_at <> OLD.last_changed_at)
    EXECUTE FUNCTION mark_order_changed()
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP TRIGGER mark_order_changed ON orders`.execute(db);
  await sql`DROP FUNCTION mark_order_changed()`.execute(db);
  await sql`DROP TABLE order_versions`.execute(db);
  await sql`DROP INDEX orders_changes_idx`.execute(db);
  await sql`
    ALTER TABLE orders
      DROP COLUMN updated_at, DROP COLUMN version, DROP COLUMN created_xid, DROP COLUMN changed_xid
  `.execute(db);
  await sql`DROP TABLE uploads`.execute(db);
}
