import { DataApiError } from '../errors.ts';
import type { PgType } from '../postgres/types.ts';

// The names that sqlx gives to types, which is what the service's messages show. Types that sqlx
// does not know by itself, such as regclass and xml, keep the name they have in PostgreSQL.
// https://github.com/launchbadge/sqlx/blob/main/sqlx-postgres/src/type_info.rs
const SQLX_NAME: Readonly<Record<string, string>> = {
  bpchar: 'CHAR',
  char: '"CHAR"',
};

const KNOWN_TO_SQLX = new Set(
  `bit bool box bytea cidr circle date daterange float4 float8 inet int2 int4 int4range int8
   int8range interval json jsonb jsonpath line lseg macaddr macaddr8 money name numeric numrange oid
   path point polygon record text time timestamp timestamptz timetz tsrange tstzrange unknown uuid
   varbit varchar void`.split(/\s+/),
);

/** The refusal of a column of `type`. Casting it to text in SQL is the way out. */
export function unsupportedType(type: PgType): DataApiError {
  const name = unsupportedTypeName(type);
  return new DataApiError(
    'UnsupportedResultException',
    `The result contains the unsupported data type ${name}.`,
  );
}

/** The name by which a refusal calls `type`. */
function unsupportedTypeName(type: PgType): string {
  if (type.element) return `${unsupportedTypeName(type.element)}[]`;
  const name = SQLX_NAME[type.name];
  if (name) return name;
  return KNOWN_TO_SQLX.has(type.name) ? type.name.toUpperCase() : type.name;
}
