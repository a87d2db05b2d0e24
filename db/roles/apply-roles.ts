import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { FoundOtherwise } from './found-otherwise.ts';
import { createRoles } from './members.ts';
import { removeLargeObjects } from './objects.ts';
import { grantRights, type RightsOptions } from './rights.ts';
import { createRoutines } from './routines.ts';
import { scramVerifier } from './scram.ts';
import { endSessions } from './sessions.ts';
import { applySettings } from './settings.ts';
import { inRoleTransaction } from './transaction.ts';

/** A login of some role and the password that its secret has for it. */
export interface LoginPassword {
  readonly username: string;
  readonly password: string;
}

/** What was otherwise than declared, or made by a role that makes nothing; it is right now. */
export interface AppliedRoles {
  /** Roles and logins that were there with other attributes, memberships or settings. */
  readonly amended: readonly string[];
  readonly largeObjectsRemoved: number;
}

/**
 * Makes the roles, their logins, routines and rights what `db/roles/roles.ts` declares, all at
 * once, and gives logins their passwords. What a role has done to itself is undone. Doing it again
 * changes nothing; several at once are fine. The caller owns the migrated database and may create
 * roles; it needs not be a superuser, which Aurora has none of.
 *
 * @param options which rights stay beyond the declared ones; `found` is what earlier tries have
 *   found otherwise, to which this one adds
 */
export async function applyRoles(
  db: Kysely<Database>,
  passwords: readonly LoginPassword[],
  {
    found = new FoundOtherwise(),
    ...options
  }: RightsOptions & { readonly found?: FoundOtherwise } = {},
): Promise<AppliedRoles> {
  await inRoleTransaction(db, async (trx) => {
    const roles = await createRoles(trx);
    const settings = await applySettings(trx);
    await createRoutines(trx, options);
    await grantRights(trx, options);
    for (const { username, password } of passwords) await setPassword(trx, username, password);
    for (const name of [...roles, ...settings]) found.amended.add(name);
  });
  const amended = [...found.amended];
  await endSessions(db, amended);
  await removeLargeObjects(db, found);
  return { amended, largeObjectsRemoved: found.largeObjects.size };
}

/** A password becomes its verifier here, so that no log of statements ever holds it. */
export async function setPassword(
  db: Kysely<Database>,
  username: string,
  password: string,
): Promise<void> {
  const verifier = sql.lit(scramVerifier(password));
  await sql`ALTER ROLE ${sql.id(username)} PASSWORD ${verifier}`.execute(db);
}
