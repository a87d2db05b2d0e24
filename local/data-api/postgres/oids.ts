/**
 * PostgreSQL's built-in types that this folder names.
 * @see src/include/catalog/pg_type.dat of PostgreSQL
 */
export const OID = {
  untyped: 0,
  bool: 16,
  bytea: 17,
  int8: 20,
  text: 25,
  float8: 701,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const;
