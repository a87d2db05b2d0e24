import { sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import { findRoleOfLogin, LOGIN_NAMES, ROLE_NAMES } from './names.ts';

/**
 * Makes each role a group that cannot log in, and its two logins members of it and of nothing else,
 * with no attribute that would let them do more or less.
 *
 * @returns the names of those that were there and were otherwise
 */
export async function createRoles(trx: Transaction<Database>): Promise<string[]> {
  const amendments = await readAmendments(trx);
  for (const role of ROLE_NAMES) {
    if (!amendments.has(role)) await sql`CREATE ROLE ${sql.id(role)} NOLOGIN`.execute(trx);
  }
  for (const login of LOGIN_NAMES) {
    if (!amendments.has(login)) await sql`CREATE ROLE ${sql.id(login)} LOGIN`.execute(trx);
  }
  const otherwise = [...amendments].filter(([, attributes]) => attributes !== '');
  for (const [name, attributes] of otherwise) {
    await sql`ALTER ROLE ${sql.id(name)} ${sql.raw(attributes)}`.execute(trx);
  }
  const members = await amendMembers(trx);
  return [...otherwise.map(([name]) => name), ...members.filter((name) => amendments.has(name))];
}

/** Of each role and login that is there, what `ALTER ROLE` has to say to it; mostly nothing. */
async function readAmendments(trx: Transaction<Database>): Promise<Map<string, string>> {
  const { rows } = await sql<{ name: string; attributes: string }>`
    SELECT
      rolname::text AS name,
      concat_ws(' ',
        CASE WHEN rolcanlogin AND rolname IN (${sql.join(ROLE_NAMES)}) THEN 'NOLOGIN' END,
        CASE WHEN NOT rolcanlogin AND rolname IN (${sql.join(LOGIN_NAMES)}) THEN 'LOGIN' END,
        CASE WHEN NOT rolinherit THEN 'INHERIT' END,
        CASE WHEN rolsuper THEN 'NOSUPERUSER' END,
        CASE WHEN rolcreaterole THEN 'NOCREATEROLE' END,
        CASE WHEN rolcreatedb THEN 'NOCREATEDB' END,
        CASE WHEN rolreplication THEN 'NOREPLICATION' END,
        CASE WHEN rolbypassrls THEN 'NOBYPASSRLS' END,
        CASE WHEN rolconnlimit <> -1 THEN 'CONNECTION LIMIT -1' END,
        CASE WHEN rolvaliduntil <> 'infinity' THEN 'VALID UNTIL ''infinity''' END
      ) AS attributes
    FROM pg_roles
    WHERE rolname IN (${sql.join([...ROLE_NAMES, ...LOGIN_NAMES])})`.execute(trx);
  return new Map(rows.map(({ name, attributes }) => [name, attributes]));
}

/** @returns the members whose memberships were otherwise */
async function amendMembers(trx: Transaction<Database>): Promise<string[]> {
  const { rows } = await sql<{ member: string; group: string; admin: boolean; inherits: boolean }>`
    SELECT
      pg_get_userbyid(member)::text AS member, pg_get_userbyid(roleid)::text AS group,
      bool_or(admin_option) AS admin, bool_or(inherit_option) AS inherits
    FROM pg_auth_members
    WHERE pg_get_userbyid(member) IN (${sql.join([...ROLE_NAMES, ...LOGIN_NAMES])})
    GROUP BY member, roleid`.execute(trx);

  const amended: string[] = [];
  for (const { member, group, admin } of rows) {
    const isItsRole = group === findRoleOfLogin(member);
    if (isItsRole && !admin) continue;
    // CASCADE: what the member has given on by its right to do so ends too.
    const what = isItsRole ? sql`ADMIN OPTION FOR ` : sql``;
    await sql`REVOKE ${what}${sql.id(group)} FROM ${sql.id(member)} CASCADE`.execute(trx);
    amended.push(member);
  }
  for (const login of LOGIN_NAMES) {
    const role = findRoleOfLogin(login) ?? '';
    if (rows.some((row) => row.member === login && row.group === role && row.inherits)) continue;
    await sql`GRANT ${sql.id(role)} TO ${sql.id(login)} WITH INHERIT TRUE`.execute(trx);
    amended.push(login);
  }
  return amended;
}
