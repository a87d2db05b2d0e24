import type { FieldDef } from 'pg';
import type { PgType } from '../postgres/types.ts';

/** What JDBC says of a type. @see https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/Types.html */
export interface JdbcType {
  readonly type: number;
  readonly precision: number;
  readonly scale: number;
  readonly isSigned: boolean;
  readonly isCaseSensitive: boolean;
}

const UNLIMITED = 2_147_483_647;
const VARCHAR = 12;
const OTHER = 1111;
export const ARRAY = 2003;

const number = (type: number, precision: number, scale = 0): JdbcType => ({
  ...{ type, precision, scale, isSigned: true, isCaseSensitive: false },
});
const caseless = (type: number, precision: number, scale = 0): JdbcType => ({
  ...{ type, precision, scale, isSigned: false, isCaseSensitive: false },
});
const text = (type: number, precision = UNLIMITED): JdbcType => ({
  ...{ type, precision, scale: 0, isSigned: false, isCaseSensitive: true },
});

const FIXED: Readonly<Record<string, JdbcType>> = {
  int2: number(5, 5),
  int4: number(4, 10),
  int8: number(-5, 19),
  oid: caseless(-5, 10),
  float4: number(7, 8, 8),
  float8: number(8, 17, 17),
  bool: caseless(-7, 1),
  date: caseless(91, 13),
  time: caseless(92, 15, 6),
  timestamp: caseless(93, 29, 6),
  timestamptz: caseless(93, 35, 6),
  bytea: text(-2),
  text: text(VARCHAR),
  name: text(VARCHAR, 63),
};

const HEADER_BYTES = 4; // a type modifier of a text or numeric type counts them

/** The JDBC view of a column; of its elements where it is an array. */
export function jdbcType(pgType: PgType, modifier: FieldDef['dataTypeModifier']): JdbcType {
  const { name, kind } = pgType.element ?? pgType;
  if (name === 'numeric') return numeric(modifier);
  if (name === 'varchar') return text(VARCHAR, length(modifier));
  if (name === 'bpchar') return text(1, length(modifier));
  return FIXED[name] ?? text(kind === 'enum' ? VARCHAR : OTHER);
}

function length(modifier: number): number {
  return modifier < 0 ? UNLIMITED : modifier - HEADER_BYTES;
}

/** Precision and scale share the modifier; a plain numeric has neither. */
function numeric(modifier: number): JdbcType {
  if (modifier < 0) return number(2, 0, 0);
  const packed = modifier - HEADER_BYTES;
  return number(2, packed >> 16, packed & 0x7ff);
}
