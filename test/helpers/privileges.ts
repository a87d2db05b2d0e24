import type { Client } from 'pg';
import { loginsOf, type RoleName } from '../../db/roles/names.ts';
import { ROLES } from '../../db/roles/roles.ts';

/** What `db/roles/roles.ts` lets a role do in a database, in the words of `heldPrivileges`. */
export function declaredPrivileges(name: RoleName, database: string): string[] {
  const { tables, functions = [], routines = [] } = ROLES[name];
  const ofRoutines = routines.map(
    ({ signature: { name, types } }) => `${name}(${types.join(', ')})`,
  );
  const ofTables = Object.entries(tables).flatMap(([table, rights]) =>
    Object.entries(rights).flatMap(([right, columns]) =>
      columns === 'all'
        ? `${right} on table ${table}`
        : columns.map((column: string) => `${right} on column ${table}.${column}`),
    ),
  );
  return [
    `CONNECT on database ${database}`,
    'USAGE on schema public',
    `member of ${name}`,
    ...ofTables,
    ...[...functions, ...ofRoutines].map((signature) => `EXECUTE on function ${signature}`),
  ].sort();
}

/**
 * Everything that a role's first login may do in the client's database and in those that every
 * server has, by whatever way it came to it: its role, PUBLIC or itself.
 */
export async function heldPrivileges(pg: Client, name: RoleName): Promise<string[]> {
  const { rows } = await pg.query<{ held: string }>(HELD, [loginsOf(name)[0]]);
  return rows.map(({ held }) => held).sort();
}

const HELD = `
WITH login AS (SELECT oid FROM pg_roles WHERE rolname = $1),
schemas AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname !~ '^pg_(toast|temp)' AND nspname NOT IN ('pg_catalog', 'information_schema')
),
rights AS (
  SELECT base || option AS name
  FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN',
    'USAGE', 'EXECUTE', 'CREATE', 'CONNECT', 'TEMPORARY', 'SET', 'ALTER SYSTEM']) AS base,
    unnest(ARRAY['', ' WITH GRANT OPTION']) AS option
),
tables AS (
  SELECT c.oid, relname FROM pg_class AS c JOIN schemas ON schemas.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
),
table_rights AS (
  SELECT name FROM rights WHERE name ~ '^(SELECT|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|TRIGGER|MAINTAIN)'
)
SELECT format('%s on table %s', name, relname) AS held FROM login, tables, table_rights
WHERE has_table_privilege(login.oid, tables.oid, name)
UNION ALL
SELECT format('%s on column %s.%s', name, relname, attname) FROM login, table_rights, tables
JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
WHERE name ~ '^(SELECT|INSERT|UPDATE|REFERENCES)' AND has_column_privilege(login.oid, attrelid, attnum, name)
  AND NOT has_table_privilege(login.oid, attrelid, name)
UNION ALL
SELECT format('%s on sequence %s', name, relname) FROM login, rights, pg_class AS c
JOIN schemas ON schemas.oid = relnamespace
WHERE relkind = 'S' AND name ~ '^(SELECT|UPDATE|USAGE)' AND has_sequence_privilege(login.oid, c.oid, name)
UNION ALL
SELECT format('%s on function %s(%s)', name, proname, oidvectortypes(proargtypes)) FROM login, rights, pg_proc AS p
JOIN schemas ON schemas.oid = pronamespace
WHERE name ~ '^EXECUTE' AND has_function_privilege(login.oid, p.oid, name)
UNION ALL
SELECT format('%s on schema %s', name, nspname) FROM login, rights, schemas
WHERE name ~ '^(USAGE|CREATE)' AND has_schema_privilege(login.oid, schemas.oid, name)
UNION ALL
SELECT format('%s on database %s', name, datname) FROM login, rights, pg_database AS d
WHERE datname IN (current_database(), 'postgres', 'template1')
  AND name ~ '^(CONNECT|CREATE|TEMPORARY)' AND has_database_privilege(login.oid, d.oid, name)
UNION ALL
SELECT format('%s on tablespace %s', name, spcname) FROM login, rights, pg_tablespace AS s
WHERE name ~ '^CREATE' AND has_tablespace_privilege(login.oid, s.oid, name)
UNION ALL
SELECT format('%s on parameter %s', name, parname) FROM login, rights, pg_parameter_acl
WHERE name ~ '^(SET|ALTER SYSTEM)' AND has_parameter_privilege(login.oid, parname, name)
UNION ALL
SELECT format('member of %s', rolname) FROM login, pg_roles AS r
WHERE r.oid <> login.oid AND pg_has_role(login.oid, r.oid, 'MEMBER')
UNION ALL
SELECT format('owner of %s', pg_describe_object(classid, objid, objsubid)) FROM login, pg_shdepend
WHERE refclassid = 'pg_authid'::regclass AND deptype = 'o' AND pg_has_role(login.oid, refobjid, 'MEMBER')
  AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
UNION ALL
SELECT 'attributes' FROM login JOIN pg_roles USING (oid)
WHERE rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls`;
