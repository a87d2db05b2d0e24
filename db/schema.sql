CREATE TABLE daily_order_stats (
  user_id bigint NOT NULL,
  day date NOT NULL,
  status character varying(20) NOT NULL,
  orders_count bigint NOT NULL,
  total_revenue numeric(24,2) NOT NULL,
  CONSTRAINT daily_order_stats_pkey PRIMARY KEY (user_id, day, status),
  CONSTRAINT daily_order_stats_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX daily_order_stats_status_day_idx ON public.daily_order_stats USING btree (status, day);

CREATE TABLE nightly_runs (
  id uuid NOT NULL,
  kind character varying(10) NOT NULL,
  period_from date NOT NULL,
  period_to date NOT NULL,
  status character varying(10) NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT now(),
  finished_at timestamp with time zone,
  duration_ms bigint,
  days_checked integer,
  rows_checked bigint,
  drift_found bigint NOT NULL DEFAULT 0,
  drift_repaired bigint NOT NULL DEFAULT 0,
  noticed_by uuid,
  error character varying(1000),
  orders_checked bigint,
  orders_damaged bigint NOT NULL DEFAULT 0,
  CONSTRAINT nightly_runs_pkey PRIMARY KEY (id),
  CONSTRAINT nightly_runs_kind_check CHECK (((kind)::text = ANY ((ARRAY['night'::character varying, 'backfill'::character varying])::text[]))),
  CONSTRAINT nightly_runs_status_check CHECK (((status)::text = ANY ((ARRAY['running'::character varying, 'succeeded'::character varying, 'unfinished'::character varying, 'failed'::character varying, 'abandoned'::character varying])::text[])))
);
CREATE INDEX nightly_runs_started_at_idx ON public.nightly_runs USING btree (started_at);

CREATE TABLE order_items (
  order_id bigint NOT NULL,
  line_no integer NOT NULL,
  sku character varying(50) NOT NULL,
  name character varying(255) NOT NULL,
  quantity integer NOT NULL,
  price numeric(10,2) NOT NULL,
  CONSTRAINT order_items_pkey PRIMARY KEY (order_id, line_no),
  CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders(id) ON DELETE CASCADE,
  CONSTRAINT order_items_quantity_check CHECK ((quantity >= 0))
);
CREATE INDEX order_items_words_idx ON public.order_items USING gin (string_to_array(lower(((((sku)::text || ' '::text) || (name)::text) COLLATE pg_c_utf8)), ' '::text)) WITH (fastupdate='on', gin_pending_list_limit='2048');

CREATE TABLE orders (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  user_id bigint NOT NULL,
  order_number character varying(50) NOT NULL,
  created_at timestamp with time zone NOT NULL,
  total_amount numeric(12,2) NOT NULL,
  status character varying(20) NOT NULL,
  items_digest bytea NOT NULL,
  first_uploaded_at timestamp with time zone NOT NULL DEFAULT now(),
  last_changed_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT orders_order_number_key UNIQUE (order_number),
  CONSTRAINT orders_pkey PRIMARY KEY (id),
  CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX orders_created_at_id_idx ON public.orders USING btree (created_at, id);
CREATE INDEX orders_total_amount_id_idx ON public.orders USING btree (total_amount, id);
CREATE INDEX orders_user_id_created_at_idx ON public.orders USING btree (user_id, created_at);

CREATE TABLE proved_days (
  day date NOT NULL,
  proofs bigint NOT NULL,
  proved_at timestamp with time zone NOT NULL,
  items_proved_at timestamp with time zone,
  CONSTRAINT proved_days_pkey PRIMARY KEY (day)
);

CREATE TABLE schema_migrations (
  name character varying(255) NOT NULL,
  "timestamp" character varying(255) NOT NULL,
  CONSTRAINT schema_migrations_pkey PRIMARY KEY (name)
);

CREATE TABLE schema_migrations_lock (
  id character varying(255) NOT NULL,
  is_locked integer NOT NULL DEFAULT 0,
  CONSTRAINT schema_migrations_lock_pkey PRIMARY KEY (id)
);

CREATE TABLE seller_keys (
  id character varying(16) NOT NULL,
  user_id bigint NOT NULL,
  label character varying(100) NOT NULL,
  scopes character varying(100) NOT NULL,
  secret_sha256 bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  replaced_by character varying(16),
  CONSTRAINT seller_keys_pkey PRIMARY KEY (id),
  CONSTRAINT seller_keys_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES seller_keys(id) ON DELETE SET NULL,
  CONSTRAINT seller_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT seller_keys_secret_sha256_check CHECK ((length(secret_sha256) = 32))
);
CREATE INDEX seller_keys_replaced_by_idx ON public.seller_keys USING btree (replaced_by);
CREATE INDEX seller_keys_user_id_idx ON public.seller_keys USING btree (user_id);

CREATE TABLE users (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  username character varying(50) NOT NULL,
  CONSTRAINT users_username_key UNIQUE (username),
  CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE INDEX users_username_prefix_idx ON public.users USING btree (lower(((username)::text COLLATE pg_c_utf8)) COLLATE "C");

CREATE OR REPLACE FUNCTION public.orders_with_words(words jsonb, most integer)
 RETURNS SETOF bigint
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
AS $function$
    BEGIN
      RETURN QUERY EXECUTE (
        SELECT format(
          'SELECT order_id FROM order_items WHERE %s LIMIT %s',
          string_agg(
            format(
              'string_to_array(lower((sku || '' '' || name) COLLATE pg_c_utf8), '' '') && %L::text[]',
              ARRAY(SELECT jsonb_array_elements_text(forms))
            ),
            ' AND '
          ),
          most
        )
        FROM jsonb_array_elements(words) AS forms
      );
    END
    $function$

CREATE OR REPLACE FUNCTION public.raise_rows_lost(reason text)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
    BEGIN
      RAISE EXCEPTION USING ERRCODE = 'OA002', MESSAGE = reason;
    END
    $function$

CREATE OR REPLACE FUNCTION public.raise_serialization_failure(reason text)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
    BEGIN
      RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = reason;
    END
    $function$

CREATE OR REPLACE FUNCTION public.write_before(deadline_ms bigint)
 RETURNS bigint
 LANGUAGE plpgsql
AS $function$
    DECLARE
      now_ms bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
      left_ms bigint := deadline_ms - now_ms;
    BEGIN
      IF left_ms <= 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'OA001',
          MESSAGE = format('too late to write, by %s ms of the database''s clock', -left_ms);
      END IF;
      PERFORM set_config('transaction_timeout', least(left_ms, 2147483647) || 'ms', true);
      RETURN now_ms;
    END
    $function$
