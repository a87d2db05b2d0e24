import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  // A line outlives its seller, who is therefore in it by a number that is nobody's name.
  await sql`
    CREATE TABLE audit_log (
      id uuid DEFAULT uuidv7(),
      at timestamptz NOT NULL DEFAULT now(),
      actor varchar(1000) NOT NULL,
      action varchar(30) NOT NULL,
      seller_id bigint NOT NULL,
      target varchar(50),
      before jsonb,
      after jsonb,
      request_id varchar(100) NOT NULL,
      CONSTRAINT audit_log_pkey PRIMARY KEY (id)
    )
  `.execute(db);
  await sql`CREATE INDEX audit_log_seller_id_id_idx ON audit_log (seller_id, id)`.execute(db);
  await sql`CREATE INDEX audit_log_actor_id_idx ON audit_log (actor, id)`.execute(db);
  await sql`CREATE INDEX audit_log_action_id_idx ON audit_log (action, id)`.execute(db);
  // Erasing a seller takes several requests, of which each says that it begins.
  await sql`
    CREATE UNIQUE INDEX audit_log_erasures_idx ON audit_log (seller_id)
    WHERE action = 'seller.erase_begin'
  `.execute(db);

  // Nobody has the right to change a line but the owner, who does not mean to. What a line says of
  // a seller's data goes with the seller: that alone may be emptied, once there is no such seller.
  await sql`
    CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.seller_id, NEW.request_id)
            IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.seller_id, OLD.request_id)
          AND num_nonnulls(NEW.target, NEW.before, NEW.after) = 0
          AND NOT EXISTS (SELECT FROM public.users WHERE id = OLD.seller_id)
        THEN
          RETURN NEW;
        END IF;
      END IF;
      RAISE EXCEPTION USING ERRCODE = 'OA003',
        MESSAGE = 'lines of the audit log are neither changed nor deleted';
    END
    $$
  `.execute(db);
  await sql`
    CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION keep_audit_log()
  `.execute(db);
  await sql`
    CREATE TRIGGER keep_all_of_audit_log BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log()
  `.execute(db);

  // With the owner's rights, so that no role needs any to lines that are there. How much was
  // erased stays: numbers of which nobody learns what they were of.
  await sql`
    CREATE FUNCTION forget_in_audit_log() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
    BEGIN
      UPDATE public.audit_log SET target = NULL, before = NULL, after = NULL
      WHERE seller_id = OLD.id AND action NOT IN ('seller.erase_begin', 'seller.erase')
        AND num_nonnulls(target, before, after) > 0;
      RETURN NULL;
    END
    $$
  `.execute(db);
  await sql`
    CREATE TRIGGER forget_in_audit_log AFTER DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION forget_in_audit_log()
  `.execute(db);

  // All keys by when they end or have ended, and a seller's by when they were made.
  await sql`
    CREATE INDEX seller_keys_end_idx ON seller_keys
      (coalesce(least(revoked_at, expires_at), 'infinity'), created_at DESC, id)
  `.execute(db);
  await sql`
    CREATE INDEX seller_keys_user_id_created_at_idx ON seller_keys (user_id, created_at DESC, id)
  `.execute(db);

  // What people set of a seller.
  await sql`
    CREATE TABLE seller_settings (
      user_id bigint CONSTRAINT seller_settings_pkey PRIMARY KEY,
      note varchar(500) NOT NULL,
      CONSTRAINT seller_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP TABLE seller_settings`.execute(db);
  await sql`DROP INDEX seller_keys_end_idx, seller_keys_user_id_created_at_idx`.execute(db);
  await sql`DROP TRIGGER forget_in_audit_log ON users`.execute(db);
  await sql`DROP FUNCTION forget_in_audit_log()`.execute(db);
  await sql`DROP TABLE audit_log`.execute(db);
  await sql`DROP FUNCTION keep_audit_log()`.execute(db);
}
