import type { RawRow } from '../postgres/statement.ts';
import type { PgType } from '../postgres/types.ts';
import type { Field, ResultOptions } from '../wire.ts';
import { decoderFor } from './fields.ts';

const NULL: Field = { isNull: true };

/**
 * A Field for every value, row after row. Whether a type can be returned is decided when there are
 * rows: without any, every query answers.
 *
 * @throws {DataApiError} UnsupportedResultException; InternalFailure for an infinite date
 */
export function* decodeRecords(
  types: readonly PgType[],
  rows: readonly RawRow[],
  options: ResultOptions,
): Generator<Field[]> {
  if (rows.length === 0) return;
  const decoders = types.map((type) => decoderFor(type, options));
  for (const row of rows)
    yield decoders.map((decode, index) => {
      const text = row[index] ?? null;
      return text === null ? NULL : decode(text);
    });
}
