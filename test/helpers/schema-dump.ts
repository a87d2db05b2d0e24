import type { Client } from 'pg';

/** The public schema as text: tables with all that is theirs, then the migrations' functions. */
export async function schemaDump(pg: Client): Promise<string> {
  const { rows: tables } = await pg.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname COLLATE "C"`,
  );
  const parts: string[] = [];
  for (const { name } of tables) parts.push(await tableDump(pg, name));
  const functions = await lines(
    pg,
    `SELECT pg_get_functiondef(oid) AS line FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND NOT proname ~ '_[0-9a-f]{16}$' -- of a routine
     ORDER BY proname COLLATE "C"`,
  );
  return `${[...parts, ...functions].map((part) => part.trimEnd()).join('\n\n')}\n`;
}

async function tableDump(pg: Client, name: string): Promise<string> {
  const columns = await lines(
    pg,
    `SELECT concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod),
       CASE WHEN attnotnull THEN 'NOT NULL' END,
       CASE attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' END,
       'DEFAULT ' || pg_get_expr(adbin, adrelid)) AS line
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    name,
  );
  const constraints = await lines(
    pg,
    `SELECT 'CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) AS line
     FROM pg_constraint WHERE conrelid = $1::regclass AND contype <> 'n'
     ORDER BY contype DESC, conname COLLATE "C"`,
    name,
  );
  const indexes = await lines(
    pg,
    `SELECT pg_get_indexdef(indexrelid) || ';' AS line FROM pg_index
     WHERE indrelid = $1::regclass
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     ORDER BY 1`,
    name,
  );
  const triggers = await lines(
    pg,
    `SELECT pg_get_triggerdef(oid) || ';' AS line FROM pg_trigger
     WHERE tgrelid = $1::regclass AND NOT tgisinternal ORDER BY tgname COLLATE "C"`,
    name,
  );
  const settings = await lines(
    pg,
    `SELECT ' WITH (' || array_to_string(reloptions, ', ') || ')' AS line
     FROM pg_class WHERE oid = $1::regclass AND reloptions IS NOT NULL`,
    name,
  );
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n');
  const table = `CREATE TABLE ${name} (\n${body}\n)${settings.join('')};`;
  return [table, ...indexes, ...triggers].join('\n');
}

async function lines(pg: Client, query: string, table?: string): Promise<string[]> {
  const { rows } = await pg.query<{ line: string }>(query, table === undefined ? [] : [table]);
  return rows.map(({ line }) => line);
}
