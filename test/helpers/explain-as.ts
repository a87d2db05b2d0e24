import type { Client, DatabaseError } from 'pg';
import type { ExecutedStatement } from '../../cli/review/executed.ts';
import type { RoleName } from '../../db/roles/names.ts';

/** A statement that a role may not run or nobody can, and PostgreSQL's word. */
export interface Refusal {
  readonly sql: string;
  readonly reason: string;
}

// `EXPLAIN` plans a statement and begins it without running it, and that is when PostgreSQL looks
// at rights to tables, columns and the functions in it. It does not see what is only called while
// a statement runs: by an index, a trigger or another function.

/**
 * The first of a role's statements that it may not run, or that names what there is no more;
 * `undefined` when there is none. Changes nothing.
 *
 * @param pg a superuser's client, in which `prepareAs` has prepared them
 * @param change what is done before, and undone afterwards
 */
export async function findRefusal(
  pg: Client,
  role: RoleName,
  prepared: readonly Prepared[],
  change = '',
): Promise<Refusal | undefined> {
  await pg.query(`BEGIN; ${change}; SET LOCAL ROLE ${role}`);
  try {
    for (const { sql, explain } of prepared) {
      const reason = await pg.query(explain).then(
        () => undefined,
        (error: DatabaseError) => error.message,
      );
      if (reason !== undefined) return { sql, reason };
    }
    return undefined;
  } finally {
    await pg.query('ROLLBACK');
  }
}

export interface Prepared {
  readonly sql: string;
  /** SQL that begins it. */
  readonly explain: string;
}

/**
 * Prepares statements in a client's session, with the types that functions send, and none else.
 *
 * @throws when PostgreSQL does not understand one, as when a table or a column is gone
 */
export async function prepareAs(
  pg: Client,
  role: RoleName,
  statements: readonly ExecutedStatement[],
): Promise<Prepared[]> {
  await pg.query('DEALLOCATE ALL');
  await pg.query('SET plan_cache_mode = force_generic_plan'); // a null is not planned for
  const prepared: Prepared[] = [];
  for (const [i, { sql, parameters }] of statements.entries()) {
    const name = `${role}_${i}`;
    const types = parameters.length > 0 ? ` (${parameters.join(', ')})` : '';
    await pg.query(`PREPARE ${name}${types} AS ${sql}`).catch((cause) => {
      throw new Error(`${role} cannot run what it ran: ${cause.message}\n${sql}`, { cause });
    });
    const values = parameters.length > 0 ? ` (${parameters.map(() => 'NULL').join(', ')})` : '';
    prepared.push({ sql, explain: `EXPLAIN (COSTS OFF) EXECUTE ${name}${values}` });
  }
  return prepared;
}
