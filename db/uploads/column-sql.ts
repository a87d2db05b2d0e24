import { type RawBuilder, sql } from 'kysely';
import type { ArrayColumns } from './array-literals.ts';
import { namesOf } from './order-columns.ts';

// SQL that names columns, written from their lists.

/** A literal of an array for each column, or what stands for it. */
export type Literals<Columns extends ArrayColumns> = {
  readonly [Name in keyof Columns]: string | RawBuilder<unknown>;
};

/** The rows that a batch's literals hold. */
export function unnest<Columns extends ArrayColumns>(
  columns: Columns,
  literals: Literals<Columns>,
): RawBuilder<unknown> {
  const arrays = namesOf(columns).map(
    (name) => sql`${literals[name]}::${sql.raw(columns[name]!.type)}[]`,
  );
  return sql`unnest(${sql.join(arrays)})`;
}

/** `sku, name`, or of a table `o.sku, o.name`. */
export function list(columns: ArrayColumns, table?: string): RawBuilder<unknown> {
  return each(columns, (name) => (table ? `${table}.${name}` : name));
}

/** `sku = excluded.sku, name = excluded.name`, or of another table. */
export function assigned(columns: ArrayColumns, table = 'excluded'): RawBuilder<unknown> {
  return each(columns, (name) => `${name} = ${table}.${name}`);
}

/** `old.sku AS old_sku, old.name AS old_name` */
export function prefixed(columns: ArrayColumns, table: string): RawBuilder<unknown> {
  return each(columns, (name) => `${table}.${name} AS ${table}_${name}`);
}

/** What has travelled, as it is stored. */
export function decoded(columns: ArrayColumns): RawBuilder<unknown> {
  return each(columns, (name) => {
    const value = columns[name]?.decoded?.(name);
    return value ? `${value} AS ${name}` : name;
  });
}

function each(columns: ArrayColumns, write: (name: string) => string): RawBuilder<unknown> {
  return sql.raw(namesOf(columns).map(write).join(', '));
}
