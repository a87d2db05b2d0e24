import type { Session } from './session.ts';

/** A type of PostgreSQL as far as results need it. */
export interface PgType {
  /** As in `pg_type.typname`. */
  readonly name: string;
  readonly kind: 'base' | 'enum' | 'array' | 'other';
  /** Of an array. */
  readonly element?: PgType;
}

// What every server has under the same number. The rest is asked for.
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

/** From here on, types are a database's own: they are renamed, dropped, and made again. */
const FIRST_OWN_OID = 16_384;

/** The types of result columns. Those that come with the server are remembered. */
export class TypeCatalog {
  readonly #builtIn = new Map<number, PgType>(
    Object.entries(BUILT_IN).map(([oid, name]) => [Number(oid), { name, kind: 'base' }]),
  );

  /** @param oids of the columns; asked for in `session`, as they may be new in its transaction */
  async find(session: Session, oids: readonly number[]): Promise<(oid: number) => PgType> {
    const unknown = [...new Set(oids)].filter((oid) => !this.#builtIn.has(oid));
    const found = unknown.length > 0 ? await findTypes(session, unknown) : new Map();
    for (const [oid, type] of found) if (oid < FIRST_OWN_OID) this.#builtIn.set(oid, type);
    return (oid) =>
      this.#builtIn.get(oid) ?? found.get(oid) ?? { name: String(oid), kind: 'other' };
  }
}

/** An array is what its element calls its array: int2vector, with an element too, has no braces. */
async function findTypes(session: Session, oids: readonly number[]): Promise<Map<number, PgType>> {
  const rows = await session.query<TypeRow>(
    `SELECT t.oid, t.typname, t.typtype, e.typname AS element_name, e.typtype AS element_type
     FROM pg_catalog.pg_type AS t
     LEFT JOIN pg_catalog.pg_type AS e ON e.typarray = t.oid AND e.oid = t.typelem
     WHERE t.oid = ANY ($1::oid[])`,
    [oids],
  );
  return new Map(rows.map((row) => [row.oid, asType(row)]));
}

interface TypeRow {
  readonly oid: number;
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
