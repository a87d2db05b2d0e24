CREATE TABLE audit_log (
  id uuid NOT NULL DEFAULT uuidv7(),
  at timestamp with time zone NOT NULL DEFAULT now(),
  actor character varying(1000) NOT NULL,
  action character varying(30) NOT NULL,
  seller_id bigint NOT NULL,
  target character varying(50),
  before jsonb,
  after jsonb,
  request_id character varying(100) NOT NULL,
  CONSTRAINT audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_action_id_idx ON public.audit_log USING btree (action, id);
CREATE INDEX audit_log_actor_id_idx ON public.audit_log USING btree (actor, id);
CREATE INDEX audit_log_seller_id_id_idx ON public.audit_log USING btree (seller_id, id);
CREATE INDEX audit_log_target_id_idx ON public.audit_log USING btree (target, id);
CREATE UNIQUE INDEX audit_log_erasures_idx ON public.audit_log USING btree (seller_id) WHERE ((action)::text = 'seller.erase_begin'::text);
CREATE TRIGGER keep_all_of_audit_log BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();
CREATE TRIGGER keep_audit_log BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_log();

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
) WITH (fillfactor=70);
CREATE INDEX order_items_search_idx ON public.order_items USING gin (search_words((((sku)::text || ' '::text) || (name)::text))) WITH (fastupdate='on', gin_pending_list_limit='8192');

CREATE TABLE order_versions (
  order_id bigint NOT NULL,
  version integer NOT NULL,
  user_id bigint NOT NULL,
  order_number character varying(50) NOT NULL,
  created_at timestamp with time zone NOT NULL,
  total_amount numeric(12,2) NOT NULL,
  status character varying(20) NOT NULL,
  updated_at timestamp with time zone,
  items_digest bytea NOT NULL,
  items json NOT NULL,
  first_uploaded_at timestamp with time zone NOT NULL,
  last_changed_at timestamp with time zone NOT NULL,
  created_xid xid8 NOT NULL,
  changed_xid xid8 NOT NULL,
  replaced_at timestamp with time zone NOT NULL DEFAULT now(),
  replaced_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  is_deletion boolean NOT NULL,
  CONSTRAINT order_versions_pkey PRIMARY KEY (order_id, version)
);
CREATE INDEX order_versions_deletions_idx ON public.order_versions USING btree (user_id, replaced_xid, order_id) WHERE is_deletion;
CREATE INDEX order_versions_replaced_at_idx ON public.order_versions USING brin (replaced_at);
CREATE INDEX order_versions_user_id_changed_xid_idx ON public.order_versions USING btree (user_id, changed_xid);
CREATE INDEX order_versions_user_id_replaced_xid_idx ON public.order_versions USING btree (user_id, replaced_xid);

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
  updated_at timestamp with time zone,
  version integer NOT NULL DEFAULT 1,
  created_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  changed_xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT orders_order_number_key UNIQUE (order_number),
  CONSTRAINT orders_pkey PRIMARY KEY (id),
  CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX orders_changes_idx ON public.orders USING btree (user_id, changed_xid, id) WHERE (changed_xid >= '2'::xid8);
CREATE INDEX orders_created_at_id_idx ON public.orders USING btree (created_at, id);
CREATE INDEX orders_last_changed_at_id_idx ON public.orders USING btree (last_changed_at, id);
CREATE INDEX orders_number_last_word_idx ON public.orders USING btree (split_part((order_number)::text, '-'::text, '-1'::integer)) WHERE ((order_number)::text ~ '^(?:[0-9A-Z]+(?:-[0-9A-Z]+){1,2}|[0-9a-z]+(?:-[0-9a-z]+){1,2})$'::text);
CREATE INDEX orders_number_middle_word_idx ON public.orders USING btree (split_part((order_number)::text, '-'::text, 2)) WHERE ((split_part((order_number)::text, '-'::text, 3) <> ''::text) AND ((order_number)::text ~ '^(?:[0-9A-Z]+(?:-[0-9A-Z]+){2}|[0-9a-z]+(?:-[0-9a-z]+){2})$'::text));
CREATE INDEX orders_number_search_idx ON public.orders USING gin (search_words((order_number)::text)) WITH (fastupdate='on', gin_pending_list_limit='8192') WHERE ((order_number)::text !~ '^(?:[0-9A-Z]+(?:-[0-9A-Z]+){0,2}|[0-9a-z]+(?:-[0-9a-z]+){0,2})$'::text);
CREATE INDEX orders_total_amount_id_idx ON public.orders USING btree (total_amount, id);
CREATE INDEX orders_user_id_created_at_idx ON public.orders USING btree (user_id, created_at);
CREATE TRIGGER mark_order_changed BEFORE UPDATE ON public.orders FOR EACH ROW WHEN (((new.changed_xid = old.changed_xid) AND (new.last_changed_at <> old.last_changed_at))) EXECUTE FUNCTION mark_order_changed();

CREATE TABLE proved_days (
  day date NOT NULL,
  proofs bigint NOT NULL,
  proved_at timestamp with time zone,
  items_proved_at timestamp with time zone,
  failed_at timestamp with time zone,
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
CREATE INDEX seller_keys_end_idx ON public.seller_keys USING btree (COALESCE(LEAST(revoked_at, expires_at), 'infinity'::timestamp with time zone), created_at DESC, id);
CREATE INDEX seller_keys_replaced_by_idx ON public.seller_keys USING btree (replaced_by);
CREATE INDEX seller_keys_user_id_created_at_idx ON public.seller_keys USING btree (user_id, created_at DESC, id);
CREATE INDEX seller_keys_user_id_idx ON public.seller_keys USING btree (user_id);

CREATE TABLE seller_settings (
  user_id bigint NOT NULL,
  note character varying(500) NOT NULL,
  CONSTRAINT seller_settings_pkey PRIMARY KEY (user_id),
  CONSTRAINT seller_settings_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

CREATE TABLE upload_refusals (
  user_id bigint NOT NULL,
  day date NOT NULL DEFAULT ((now() AT TIME ZONE 'UTC'::text))::date,
  code character varying(30) NOT NULL,
  refusals_count integer NOT NULL DEFAULT 1,
  first_at timestamp with time zone NOT NULL DEFAULT now(),
  last_at timestamp with time zone NOT NULL DEFAULT now(),
  status smallint NOT NULL,
  key_id character varying(16) NOT NULL,
  request_id character varying(100) NOT NULL,
  pointer character varying(100) NOT NULL,
  errors_count integer NOT NULL,
  CONSTRAINT upload_refusals_pkey PRIMARY KEY (user_id, day, code),
  CONSTRAINT upload_refusals_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX upload_refusals_day_idx ON public.upload_refusals USING btree (day);

CREATE TABLE uploads (
  id uuid NOT NULL DEFAULT uuidv7(),
  user_id bigint NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  kind character varying(10) NOT NULL DEFAULT 'upload'::character varying,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  key_id character varying(16) NOT NULL,
  request_id character varying(100) NOT NULL,
  orders_count integer NOT NULL,
  items_count integer NOT NULL,
  orders_created integer NOT NULL DEFAULT 0,
  orders_updated integer NOT NULL DEFAULT 0,
  orders_stale integer NOT NULL DEFAULT 0,
  orders_deleted integer NOT NULL DEFAULT 0,
  stale_order_numbers text[] NOT NULL DEFAULT '{}'::text[],
  body_sha256 bytea,
  idempotency_key character varying(255),
  undoes uuid,
  CONSTRAINT uploads_xid_key UNIQUE (xid),
  CONSTRAINT uploads_pkey PRIMARY KEY (id),
  CONSTRAINT uploads_undoes_fkey FOREIGN KEY (undoes) REFERENCES uploads(id) ON DELETE SET NULL,
  CONSTRAINT uploads_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  CONSTRAINT uploads_body_sha256_check CHECK ((length(body_sha256) = 32)),
  CONSTRAINT uploads_kind_check CHECK (((kind)::text = ANY ((ARRAY['upload'::character varying, 'delete'::character varying, 'undo'::character varying])::text[])))
);
CREATE INDEX uploads_undoes_idx ON public.uploads USING btree (undoes) WHERE (undoes IS NOT NULL);
CREATE INDEX uploads_user_id_id_idx ON public.uploads USING btree (user_id, id);
CREATE UNIQUE INDEX uploads_user_id_idempotency_key_idx ON public.uploads USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);

CREATE TABLE users (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  username character varying(50) NOT NULL,
  CONSTRAINT users_username_key UNIQUE (username),
  CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE INDEX users_search_idx ON public.users USING gin (search_words((username)::text));
CREATE INDEX users_username_prefix_idx ON public.users USING btree (lower(((username)::text COLLATE pg_c_utf8)) COLLATE "C");
CREATE TRIGGER forget_in_audit_log AFTER DELETE ON public.users FOR EACH ROW EXECUTE FUNCTION forget_in_audit_log();

CREATE OR REPLACE FUNCTION public.begins_or_has(x text, beginning text, phrases text[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (((beginning <> ''::text) AND starts_with(search_line(x), beginning)) OR has_phrases(x, phrases))

CREATE OR REPLACE FUNCTION public.forget_in_audit_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
    BEGIN
      UPDATE public.audit_log SET target = NULL, before = NULL, after = NULL
      WHERE seller_id = OLD.id AND action NOT IN ('seller.erase_begin', 'seller.erase')
        AND num_nonnulls(target, before, after) > 0;
      RETURN NULL;
    END
    $function$

CREATE OR REPLACE FUNCTION public.has_beginnings(x text, phrases text[])
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
    DECLARE
      line CONSTANT text := ' ' || public.search_line(x) || ' ';
      phrase text;
    BEGIN
      FOREACH phrase IN ARRAY phrases LOOP
        IF strpos(line, ' ' || phrase || CASE
          WHEN length(split_part(phrase, ' ', -1)) < 3 THEN ' ' ELSE ''
        END) = 0 THEN RETURN false; END IF;
      END LOOP;
      RETURN cardinality(phrases) > 0;
    END
    $function$

CREATE OR REPLACE FUNCTION public.has_orders_now(seller_id bigint, numbers text[])
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
    BEGIN
      RETURN EXISTS (
        SELECT FROM orders WHERE user_id = seller_id AND order_number = ANY (numbers)
      );
    END
    $function$

CREATE OR REPLACE FUNCTION public.has_phrases(x text, phrases text[])
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
    DECLARE
      line CONSTANT text := ' ' || public.search_line(x) || ' ';
      phrase text;
    BEGIN
      FOREACH phrase IN ARRAY phrases LOOP
        IF strpos(line, ' ' || phrase || ' ') = 0 THEN RETURN false; END IF;
      END LOOP;
      RETURN cardinality(phrases) > 0;
    END
    $function$

CREATE OR REPLACE FUNCTION public.keep_audit_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
    $function$

CREATE OR REPLACE FUNCTION public.mark_order_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    BEGIN
      NEW.changed_xid := pg_current_xact_id();
      RETURN NEW;
    END
    $function$

CREATE OR REPLACE FUNCTION public.orders_with_beginnings(phrases text[], sample_lines text[], most integer, OUT ids text, OUT is_part boolean)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
AS $function$
    DECLARE
      terms text[] := '{}';
      is_exact boolean := true;
      phrase text;
      last_word text;
      query text;
    BEGIN
      is_part := false;
      FOREACH phrase IN ARRAY phrases LOOP
        last_word := split_part(phrase, ' ', -1);
        terms := terms || ARRAY(
          SELECT '''' || word || ''''
          FROM string_to_table(phrase, ' ') WITH ORDINALITY AS w (word, place)
          WHERE place < cardinality(string_to_array(phrase, ' '))
        );
        is_exact := is_exact AND phrase = last_word;
        IF length(last_word) < 3 THEN
          terms := terms || ('''' || last_word || '''');
        ELSIF cardinality(sample_lines) >= 300 AND (
          SELECT count(*) FROM unnest(sample_lines) AS line
          WHERE strpos(' ' || line, ' ' || last_word) > 0
        ) > 0.2 * cardinality(sample_lines) THEN
          is_exact := false;
        ELSE
          terms := terms || ('''' || last_word || ''':*');
        END IF;
      END LOOP;
      IF cardinality(phrases) = 0 THEN RETURN; END IF;
      IF cardinality(terms) = 0 THEN
        ids := 'many';
        RETURN;
      END IF;
      query := format(
        'SELECT order_id, sku || '' '' || name AS original FROM public.order_items
         WHERE public.search_words(sku || '' '' || name) @@ %L::tsquery LIMIT %s',
        array_to_string(terms, ' & '), CASE WHEN is_exact THEN most ELSE 3000 END
      );
      IF is_exact THEN
        EXECUTE format(
          'SELECT CASE WHEN count(*) >= %s THEN ''many'' ELSE string_agg(order_id::text, '','') END
           FROM (%s) AS found', most, query
        ) INTO ids;
      ELSE
        EXECUTE format(
          'SELECT count(*) >= %s, string_agg(order_id::text, '','')
             FILTER (WHERE public.has_beginnings(original, %L::text[]))
           FROM (%s) AS found', 3000, phrases, query
        ) INTO is_part, ids;
      END IF;
    END
    $function$

CREATE OR REPLACE FUNCTION public.orders_with_items(phrases text[], most integer)
 RETURNS SETOF bigint
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
AS $function$
    BEGIN
      RETURN QUERY EXECUTE format(
        'SELECT order_id FROM public.order_items
         WHERE public.search_words(sku || '' '' || name) @@ %L::tsquery
           AND public.has_phrases(sku || '' '' || name, %L::text[]) LIMIT %s',
        public.search_query(phrases), phrases, most
      );
    END
    $function$

CREATE OR REPLACE FUNCTION public.orders_with_number(typed text, most integer)
 RETURNS SETOF bigint
 LANGUAGE plpgsql
 STABLE
 SET enable_seqscan TO 'off'
 SET enable_indexscan TO 'off'
AS $function$
    DECLARE
      phrases CONSTANT text[] := public.search_phrases(typed);
      beginning CONSTANT text := public.search_line(typed);
      small CONSTANT text[] := ARRAY(
        SELECT DISTINCT word FROM unnest(phrases) AS phrase, string_to_table(phrase, ' ') AS word
      );
      words CONSTANT text[] := small || upper(small::text)::text[];
      beginnings CONSTANT text[] := CASE cardinality(small)
        WHEN 1 THEN ARRAY[small[1] || '-']
        WHEN 2 THEN ARRAY[small[1] || '-' || small[2] || '-', small[2] || '-' || small[1] || '-']
        ELSE '{}'
      END || nullif(replace(beginning, ' ', '-'), '');
      plain text;
    BEGIN
      SELECT string_agg(
        format('order_number >= %1$L AND order_number < %1$L || U&''\+10FFFF''', cased), ' OR '
      )
      INTO plain
      FROM unnest(beginnings) AS canonical, LATERAL (VALUES (canonical), (upper(canonical))) AS v (cased)
      WHERE canonical IS NOT NULL;
      IF plain IS NULL THEN RETURN; END IF; -- nothing that is seen was typed
      RETURN QUERY EXECUTE format(
        'SELECT id FROM public.orders
         WHERE (order_number !~ ' || quote_literal('^(?:[0-9A-Z]+(?:-[0-9A-Z]+){0,2}|[0-9a-z]+(?:-[0-9a-z]+){0,2})$') || '
             AND (public.search_words(order_number) @@ %1$L::tsquery
               OR public.search_words(order_number) @@ %2$L::tsquery)
           OR order_number ~ ' || quote_literal('^(?:[0-9A-Z]+(?:-[0-9A-Z]+){1,2}|[0-9a-z]+(?:-[0-9a-z]+){1,2})$') || '
             AND split_part(order_number, ''-'', -1) = ANY (%6$L::text[])
           OR cardinality(%6$L::text[]) = 2 AND ' || 'split_part(order_number, ''-'', 3) <> '''' AND order_number ~ ''^(?:[0-9A-Z]+(?:-[0-9A-Z]+){2}|[0-9a-z]+(?:-[0-9a-z]+){2})$''' || '
             AND split_part(order_number, ''-'', 2) = ANY (%6$L::text[])
           OR order_number = ANY (%6$L::text[]) OR %7$s)
           AND public.begins_or_has(order_number, %3$L, %4$L::text[]) LIMIT %5$s',
        public.search_query(phrases), public.search_query(ARRAY[beginning])::text || ':*',
        beginning, phrases, most, words, plain
      );
    END
    $function$

CREATE OR REPLACE FUNCTION public.orders_with_words(words jsonb, most integer)
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE
AS $function$
      SELECT public.orders_with_items(
        ARRAY(SELECT public.search_line(forms ->> 0) FROM jsonb_array_elements(words) AS forms), most
      )
    $function$

CREATE OR REPLACE FUNCTION public.plain_text(x text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((x COLLATE "C") !~ '^ | $|[^ -~À-žЀ-џ№]'::text) THEN x ELSE (plain_text_of_any((x COLLATE "C")) COLLATE "C") END

CREATE OR REPLACE FUNCTION public.plain_text_of_any(x text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
    BEGIN
      x := regexp_replace(normalize(x, NFC), '[\u0009-\u000d\u0085\u00a0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000]', ' ', 'g');
      x := regexp_replace(x, '((?<=[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff])\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)|(?<=[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]?)\u200d(?=[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff])|(?<=[\u0606-\u0608\u060b\u060e-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06de-\u06ef\u06fa-\u06ff\u070e\u0710-\u077f\u07ca-\u07f6\u07fa-\u07ff\u0840-\u085d\u085f-\u088f\u0892-\u08e1\u08e3-\u0963\u0971-\u09e5\u09f0-\u09f3\u09fa-\u09fc\u09fe-\u0a65\u0a70-\u0a75\u0a77-\u0ae5\u0af1-\u0b65\u0b70-\u0b71\u0b78-\u0be5\u0bf3-\u0c65\u0c70-\u0c76\u0c7f-\u0c83\u0c85-\u0ce5\u0cf0-\u0d57\u0d5f-\u0d65\u0d79-\u0de5\u0df0-\u0df3\u0df5-\u0dff\u0f00-\u0f03\u0f13\u0f15-\u0f1f\u0f34-\u0f39\u0f3e-\u0f84\u0f86-\u0fcf\u0fd5-\u0fd8\u0fdb-\u103f\u1050-\u108f\u109a-\u109f\u1780-\u17b3\u17b6-\u17d3\u17d7\u17db-\u17df\u17ea-\u17ef\u17fa-\u17ff\u181a-\u18af])[\u200c\u200d](?=[\u0606-\u0608\u060b\u060e-\u061a\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06de-\u06ef\u06fa-\u06ff\u070e\u0710-\u077f\u07ca-\u07f6\u07fa-\u07ff\u0840-\u085d\u085f-\u088f\u0892-\u08e1\u08e3-\u0963\u0971-\u09e5\u09f0-\u09f3\u09fa-\u09fc\u09fe-\u0a65\u0a70-\u0a75\u0a77-\u0ae5\u0af1-\u0b65\u0b70-\u0b71\u0b78-\u0be5\u0bf3-\u0c65\u0c70-\u0c76\u0c7f-\u0c83\u0c85-\u0ce5\u0cf0-\u0d57\u0d5f-\u0d65\u0d79-\u0de5\u0df0-\u0df3\u0df5-\u0dff\u0f00-\u0f03\u0f13\u0f15-\u0f1f\u0f34-\u0f39\u0f3e-\u0f84\u0f86-\u0fcf\u0fd5-\u0fd8\u0fdb-\u103f\u1050-\u108f\u109a-\u109f\u1780-\u17b3\u17b6-\u17d3\u17d7\u17db-\u17df\u17ea-\u17ef\u17fa-\u17ff\u181a-\u18af])|(?<=\U0001f3f4)\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f)|[\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '\1', 'g');
      RETURN normalize(btrim(x, ' '), NFC);
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

CREATE OR REPLACE FUNCTION public.search_line(x text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN btrim(regexp_replace(search_text(x), ' +'::text, ' '::text, 'g'::text))

CREATE OR REPLACE FUNCTION public.search_phrases(typed text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (SELECT COALESCE((array_agg(parts.phrase ORDER BY parts.place) FILTER (WHERE (parts.phrase ~ '(?=[[:graph:]\U00020000-\U0003ffff])(?![[:punct:]\u24b6-\u24e9\U0001f130-\U0001f189\ue000-\uf8ff\U000f0000-\U0010ffff])'::text)))[1:8], (array_agg(parts.phrase ORDER BY parts.place))[1:8], '{}'::text[]) AS "coalesce" FROM (SELECT (search_line(t.part) COLLATE pg_c_utf8) AS phrase, t.place FROM regexp_split_to_table((regexp_replace(search_phrases.typed, '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+'::text, ''::text, 'g'::text) COLLATE pg_c_utf8), '[[:space:][:cntrl:]]+'::text) WITH ORDINALITY t(part, place)) parts WHERE (parts.phrase <> ''::text))

CREATE OR REPLACE FUNCTION public.search_query(phrases text[])
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (SELECT (string_agg(((''''::text || word.word) || ''''::text), ' & '::text))::tsquery AS string_agg FROM unnest(search_query.phrases) phrase(phrase), LATERAL string_to_table(phrase.phrase, ' '::text) word(word))

CREATE OR REPLACE FUNCTION public.search_text(x text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN ((x COLLATE "C") !~ '[^ 0-9A-Za-zÀ-ÖØ-Þà-öø-ÿĀ-įĴ-ľŁ-ňŊ-žЀ-џҐґ-]|(^| )[-]+( |$)'::text) THEN replace(replace((lower((x COLLATE pg_c_utf8)) COLLATE "C"), 'ё'::text, 'е'::text), '-'::text, ' '::text) WHEN ((x COLLATE "C") !~ '[^  0-9A-Za-zÀ-ÖØ-Þà-öø-ÿĀ-įĴ-ľŁ-ňŊ-žЀ-џҐґ!"#%&()*+,./;?@_{}«»–—“”„’®-]|(^|[  ])[!"#%&()*+,./;?@_{}«»–—“”„’®-]+([  ]|$)'::text) THEN regexp_replace(replace((lower((x COLLATE pg_c_utf8)) COLLATE "C"), 'ё'::text, 'е'::text), '[ !"#%&()*+,./;?@_{}«»–—“”„’®-]+'::text, ' '::text, 'g'::text) ELSE (search_text_of_any(x) COLLATE "C") END

CREATE OR REPLACE FUNCTION public.search_text_of_any(original text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
    DECLARE
      invisible CONSTANT text := '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+';
      marks_at_words CONSTANT text COLLATE pg_c_utf8 := '(?<=[[:graph:]\U00020000-\U0003ffff])(?<![[:punct:]\u24b6-\u24e9\U0001f130-\U0001f189\ue000-\uf8ff\U000f0000-\U0010ffff])(?:[[:punct:]\u24b6-\u24e9\U0001f130-\U0001f189\ue000-\uf8ff\U000f0000-\U0010ffff]|[^[:graph:][:space:][:cntrl:]\U00020000-\U0003ffff])+|(?:[[:punct:]\u24b6-\u24e9\U0001f130-\U0001f189\ue000-\uf8ff\U000f0000-\U0010ffff]|[^[:graph:][:space:][:cntrl:]\U00020000-\U0003ffff])+(?=[[:graph:]\U00020000-\U0003ffff])(?![[:punct:]\u24b6-\u24e9\U0001f130-\U0001f189\ue000-\uf8ff\U000f0000-\U0010ffff])';
      x text COLLATE pg_c_utf8 := original;
    BEGIN
      -- Nobody who searches knows whether something invisible joins words or parts them: it does both.
      IF regexp_like(original, invisible) THEN
        RETURN public.search_text_of_any(regexp_replace(original, invisible, '', 'g'))
          || ' ' || public.search_text_of_any(regexp_replace(original, invisible, ' ', 'g'));
      END IF;
      -- Marks before and after: compatibility makes letters of some (™ becomes TM), and marks of some letters.
      x := regexp_replace(normalize(x, NFC), marks_at_words, ' ', 'g');
      x := normalize(casefold(normalize(x, NFKC) COLLATE pg_unicode_fast), NFKC);
      x := replace(translate(x, 'ёı', 'еi'), U&'i\0307', 'i'); -- İ folds to an i with one more dot
      x := regexp_replace(x, marks_at_words, ' ', 'g');
      -- Without spaces each character is a word, and words are found as what stands side by side.
      x := regexp_replace(x, '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff])', ' \1 ', 'g');
      x := btrim(regexp_replace(x, '[[:space:][:cntrl:]]+', ' ', 'g'));
      -- A tsvector's words are below 2 KiB, and compatibility makes up to 18 characters of one.
      IF length(x) > 255 THEN x := regexp_replace(x, '([^ ]{255})', '\1 ', 'g'); END IF;
      RETURN translate(x, '''\:', '’⧵∶'); -- which a tsvector's notation needs for itself
    END
    $function$

CREATE OR REPLACE FUNCTION public.search_words(x text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN (search_text(x))::tsvector

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
