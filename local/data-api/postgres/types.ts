import type { Session } from './session.ts';

/** A type of PostgreSQL as far as results need it. */
export interface PgType {
  /** As in `pg_type.typname`. */
  readonly name: string;
  readonly kind: 'base' | 'enum' | 'array' | 'other';
  /** Of an array. */
  readonly element?: PgType;
}

// What every server has under the same number. The rest, arrays among it, is asked for once.
const BUILT_IN: Readonly<Record<number, string>> = {
  16: 'bool',
  17: 'bytea',
  18: 'char',
  19: 'name',
  20: 'int8',
  21: 'int2',
  23: 'int4',
  25: 'text',
  26: 'oid',
  114: 'json',
  700: 'float4',
  701: 'float8',
  869: 'inet',
  650: 'cidr',
  1042: 'bpchar',
  1043: 'varchar',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp',
  1184: 'timestamptz',
  1560: 'bit',
  1562: 'varbit',
  1700: 'numeric',
  2278: 'void',
  2950: 'uuid',
  3802: 'jsonb',
  3904: 'int4range',
  3906: 'numrange',
};

/** The types of result columns. Types that a database defines are remembered by their number. */
export class TypeCatalog {
  readonly #known = new Map<string, PgType>();

  /** @param oids of the columns; asked for in `session`, as they may be new in its transaction */
  async find(session: Session, oids: readonly number[]): Promise<(oid: number) => PgType> {
    const { database } = session.login;
    const unknown = [...new Set(oids)].filter((oid) => !this.#get(database, oid));
    if (unknown.length > 0) await this.#ask(session, unknown);
    return (oid) => this.#get(database, oid) ?? { name: String(oid), kind: 'other' };
  }

  #get(database: string, oid: number): PgType | undefined {
    const name = BUILT_IN[oid];
    return name ? { name, kind: 'base' } : this.#known.get(`${oid} ${database}`);
  }

  async #ask(session: Session, oids: readonly number[]): Promise<void> {
    const rows = await session.query<TypeRow>(
      `SELECT t.oid::int8::text AS oid, t.typname, t.typtype, t.typcategory,
         e.typname AS element_name, e.typtype AS element_type
       FROM pg_catalog.pg_type AS t
       LEFT JOIN pg_catalog.pg_type AS e ON e.oid = t.typelem AND t.typcategory = 'A'
       WHERE t.oid = ANY ($1::oid[])`,
      [oids],
    );
    for (const row of rows) this.#known.set(`${row.oid} ${session.login.database}`, asType(row));
  }
}

interface TypeRow {
  readonly oid: string;
  readonly typname: string;
  readonly typtype: string;
  readonly element_name: string | null;
  readonly element_type: string | null;
}

function asType({ typname, typtype, element_name, element_type }: TypeRow): PgType {
  if (element_name === null) return { name: typname, kind: kindOf(typtype) };
  const element: PgType = { name: element_name, kind: kindOf(element_type) };
  return { name: typname, kind: 'array', element };
}

function kindOf(typtype: string | null): PgType['kind'] {
  if (typtype === 'b') return 'base';
  return typtype === 'e' ? 'enum' : 'other';
}
