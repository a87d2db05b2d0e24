import type { FieldDef } from 'pg';
import type { Session } from '../postgres/session.ts';
import type { PgType } from '../postgres/types.ts';
import type { ColumnMetadata } from '../wire.ts';
import { ARRAY, jdbcType } from './column-types.ts';

/**
 * The metadata of a result's columns, in the manner of JDBC,
 * but that `name` is the alias like `label`: clients key rows by it.
 */
export async function describeColumns(
  session: Session,
  fields: readonly FieldDef[],
  types: readonly PgType[],
): Promise<ColumnMetadata[]> {
  const origins = await findOrigins(session, fields);
  return fields.map((field, index) => describe(field, types[index] as PgType, origins));
}

const NULLABLE = { no: 0, yes: 1, unknown: 2 } as const;
const SERIAL: Readonly<Record<string, string>> = {
  int2: 'smallserial',
  int4: 'serial',
  int8: 'bigserial',
};

function describe(
  { name, tableID, columnID, dataTypeModifier }: FieldDef,
  type: PgType,
  origins: ReadonlyMap<string, Origin>,
): ColumnMetadata {
  const origin = origins.get(`${tableID} ${columnID}`);
  const jdbc = jdbcType(type, dataTypeModifier);
  return {
    arrayBaseColumnType: type.element ? jdbc.type : 0,
    isAutoIncrement: origin?.is_serial ?? false,
    isCaseSensitive: jdbc.isCaseSensitive,
    isCurrency: false,
    isSigned: jdbc.isSigned,
    label: name,
    name,
    nullable: origin ? NULLABLE[origin.is_required ? 'no' : 'yes'] : NULLABLE.unknown,
    precision: jdbc.precision,
    scale: jdbc.scale,
    schemaName: '',
    tableName: origin?.table_name ?? '',
    type: type.element ? ARRAY : jdbc.type,
    typeName: (origin?.is_serial && SERIAL[type.name]) || type.name,
  };
}

/** The table's column that a result's column shows. */
interface Origin {
  readonly place: string;
  readonly table_name: string;
  readonly is_required: boolean;
  readonly is_serial: boolean;
}

async function findOrigins(
  session: Session,
  fields: readonly FieldDef[],
): Promise<ReadonlyMap<string, Origin>> {
  const tables = [...new Set(fields.map(({ tableID }) => tableID))].filter((oid) => oid !== 0);
  if (tables.length === 0) return new Map();
  // Asked for every time: another session may have altered the table since.
  const origins = await session.query<Origin>(
    `SELECT a.attrelid::int8 || ' ' || a.attnum AS place, c.relname AS table_name,
       a.attnotnull AS is_required,
       coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%', false)
         OR a.attidentity <> '' AS is_serial
     FROM pg_catalog.pg_attribute AS a
     JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
     LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = ANY ($1::oid[])`,
    [tables],
  );
  return new Map(origins.map((origin) => [origin.place, origin]));
}
