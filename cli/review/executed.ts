import { findRoleOfLogin, ROLE_NAMES, type RoleName } from '../../db/roles/names.ts';
import { ROLES } from '../../db/roles/roles.ts';
import type { OnStatement } from '../../local/data-api/operations/backend.ts';
import { OID } from '../../local/data-api/postgres/oids.ts';

/** What a role runs: SQL with `$1`, `$2` … and the types that these are sent as. */
export interface ExecutedStatement {
  readonly sql: string;
  /** `unknown` where only null was sent. */
  readonly parameters: readonly string[];
}

/** The statements of each role, sorted by their text. */
export type ExecutedByRole = Readonly<Record<RoleName, readonly ExecutedStatement[]>>;

const UNKNOWN = 'unknown';

/** Listens at the Data API for what each function's role executes, each text once. */
export class Executed {
  readonly #found = new Map(ROLE_NAMES.map((role) => [role, new Map<string, string[]>()]));

  readonly onStatement: OnStatement = (username, { text, values }) => {
    const role = findRoleOfLogin(username);
    if (!role) return; // the owner, who may do anything: `migrate` and `rotate-secret`
    const parameters = values.map(({ typeOid }) => typeName(typeOid));
    const statements = this.#found.get(role)!;
    const routine = ROLES[role].routines?.find(({ signature }) => text.includes(signature.name));
    if (routine) {
      statements.set(routine.text, [...routine.signature.types]); // what needs the rights
      return;
    }
    const known = statements.get(text) ?? [];
    statements.set(
      text,
      parameters.map((type, i) => (type === UNKNOWN ? (known[i] ?? type) : type)),
    );
  };

  byRole(): ExecutedByRole {
    const entries = [...this.#found].map(([role, statements]) => [
      role,
      [...statements]
        .map(([sql, parameters]): ExecutedStatement => ({ sql, parameters }))
        .sort((a, b) => (a.sql < b.sql ? -1 : 1)),
    ]);
    return Object.fromEntries(entries);
  }
}

function typeName(oid: number): string {
  const [name] = Object.entries(OID).find(([, known]) => known === oid) ?? [];
  if (!name) throw new Error(`A parameter has the unknown type ${oid}.`);
  return oid === OID.untyped ? UNKNOWN : name;
}
