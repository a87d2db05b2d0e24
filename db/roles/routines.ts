import { type Kysely, sql, type Transaction } from 'kysely';
import type { DatabaseRoutine } from '../routine.ts';
import type { Database } from '../schema.ts';
import { ROLE_NAMES, type RoleName } from './names.ts';
import { ROLES } from './roles.ts';

/** The functions of releases before this that run until they are replaced, or come back. */
const KEPT = 3;

/**
 * Makes the functions of all routines that are not there; of those that no release needs any more
 * only some stay.
 */
export async function createRoutines(
  trx: Transaction<Database>,
  { addsOnly = false }: { readonly addsOnly?: boolean },
): Promise<void> {
  for (const routine of ROLE_NAMES.flatMap(routinesOf)) {
    const { name } = routine.signature;
    const there = await functionsOf(trx, routine);
    if (!there.some((one) => one.name === name)) await routine.create().execute(trx);
    if (addsOnly) continue;
    for (const { signature } of there.filter((one) => one.name !== name).slice(KEPT)) {
      await sql`DROP FUNCTION ${sql.raw(signature)}`.execute(trx);
    }
  }
}

/** Lets a role call its routines' functions, those of other releases included. */
export async function grantRoutines(trx: Transaction<Database>, role: RoleName): Promise<void> {
  for (const routine of routinesOf(role)) {
    for (const { signature } of await functionsOf(trx, routine)) {
      await sql`GRANT EXECUTE ON FUNCTION ${sql.raw(signature)} TO ${sql.id(role)}`.execute(trx);
    }
  }
}

const routinesOf = (role: RoleName) => ROLES[role].routines ?? [];

interface RoutineFunction {
  readonly name: string;
  /** With the types of its arguments. */
  readonly signature: string;
}

/** The latest first. */
async function functionsOf(
  db: Kysely<Database>,
  { prefix }: DatabaseRoutine,
): Promise<readonly RoutineFunction[]> {
  const { rows } = await sql<RoutineFunction>`
    SELECT proname::text AS name, oid::regprocedure::text AS signature FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND starts_with(proname, ${prefix})
    ORDER BY oid DESC`.execute(db);
  return rows;
}
