import { DataApiError } from '../errors.ts';
import { FORMATTED_RESULT_BYTES, RESULT_BYTES } from '../limits.ts';
import type { RawRow, Room } from '../postgres/statement.ts';
import type { PgType } from '../postgres/types.ts';

// One report measured the limit as PostgreSQL's own message of a row: 2 bytes, then 4 and the
// value's bytes for each column. It counted these as text. Whether AWS does is not known, so a
// value counts the more of what it has as text and in PostgreSQL's binary format.
const ROW_BYTES = 2;
const COLUMN_BYTES = 4;

const BINARY_BYTES: Readonly<Record<string, number>> = {
  float4: 4,
  float8: 8,
  int2: 2,
  int4: 4,
  int8: 8,
  oid: 4,
};

// The least that a row can count, so that what is let go would be refused anyway.
const RECORDS_ROOM: Room = {
  ...{ bytes: RESULT_BYTES, rowBytes: ROW_BYTES, columnBytes: COLUMN_BYTES },
  charactersPerByte: 1,
};

/** The same for `{"":1},`, where text may get shorter: bytea by a third, instants by an offset. */
const FORMATTED_ROOM: Room = {
  ...{ bytes: FORMATTED_RESULT_BYTES, rowBytes: 3, columnBytes: 3 },
  charactersPerByte: 2,
};

/** How much is kept of a result that is answered in this form. */
export function roomFor({ formatRecordsAs }: { formatRecordsAs: 'NONE' | 'JSON' }): Room {
  return formatRecordsAs === 'JSON' ? FORMATTED_ROOM : RECORDS_ROOM;
}

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
  return Math.max(BINARY_BYTES[type] ?? 0, Buffer.byteLength(text));
}
