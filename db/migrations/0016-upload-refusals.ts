import { type Kysely, sql } from 'kysely';

// Refused uploads, counted: a program that sends the same for ever makes one row a day.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  // No index has what changes with each refusal: so the row's new version stays on its page.
  await sql`
    CREATE TABLE upload_refusals (
      user_id bigint NOT NULL,
      day date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
      code varchar(30) NOT NULL,
      refusals_count integer NOT NULL DEFAULT 1,
      first_at timestamptz NOT NULL DEFAULT now(),
      last_at timestamptz NOT NULL DEFAULT now(),
      status smallint NOT NULL,
      key_id varchar(16) NOT NULL,
      request_id varchar(100) NOT NULL,
      pointer varchar(100) NOT NULL,
      errors_count integer NOT NULL,
      CONSTRAINT upload_refusals_pkey PRIMARY KEY (user_id, day, code),
      CONSTRAINT upload_refusals_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
    )
  `.execute(db);
  await sql`CREATE INDEX upload_refusals_day_idx ON upload_refusals (day)`.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP TABLE upload_refusals`.execute(db);
}
