import { DataApiError } from '../errors.ts';
import { RESULT_BYTES } from '../limits.ts';
import type { RawRow } from '../postgres/statement.ts';
import type { PgType } from '../postgres/types.ts';

// One report measured the limit as PostgreSQL's own message of a row in its binary format: 2 bytes,
// then 4 and the value's bytes for each column.
const ROW_BYTES = 2;
const COLUMN_BYTES = 4;

const BINARY_BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  date: 4,
  float4: 4,
  float8: 8,
  int2: 2,
  int4: 4,
  int8: 8,
  oid: 4,
  time: 8,
  timestamp: 8,
  timestamptz: 8,
  uuid: 16,
};

/** @throws {DataApiError} UnsupportedResultException for more than 1 MiB */
export function checkResultSize(types: readonly PgType[], rows: readonly RawRow[]): void {
  let bytes = rows.length * (ROW_BYTES + types.length * COLUMN_BYTES);
  for (const row of rows) {
    row.forEach((value, index) => {
      if (value !== null) bytes += valueBytes(types[index]?.name ?? '', value);
    });
    if (bytes > RESULT_BYTES) throw resultTooLarge();
  }
}

export const resultTooLarge = () =>
  new DataApiError('UnsupportedResultException', 'The result exceeds the size limit 1 MB.');

function valueBytes(type: string, text: string): number {
  if (type === 'bytea') return text.length / 2 - 1; // after `\x`, two digits a byte
  return BINARY_BYTES[type] ?? Buffer.byteLength(text);
}
