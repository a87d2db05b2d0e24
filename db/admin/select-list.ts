import { type RawBuilder, sql } from 'kysely';

/**
 * What a statement selects, as a list of expressions with their names. A row's field without an
 * expression does not compile.
 */
export function selectList<Row extends object>(
  expressions: { readonly [Field in keyof Row]-?: RawBuilder<unknown> },
): RawBuilder<Row> {
  const list = Object.entries<RawBuilder<unknown>>(expressions);
  return sql`${sql.join(list.map(([name, expression]) => sql`${expression} AS ${sql.raw(name)}`))}`;
}
