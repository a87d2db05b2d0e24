import type { FieldDef } from 'pg';
import { DataApiError } from '../errors.ts';
import { FORMATTED_RESULT_BYTES } from '../limits.ts';
import type { Field } from '../wire.ts';

/**
 * The string of `formatRecordsAs: JSON`: an array of objects keyed by label.
 *
 * @throws {DataApiError} UnsupportedResultException for a label that occurs twice, or for more than 10 MB
 */
export function formatRecords(columns: readonly FieldDef[], records: readonly Field[][]): string {
  const labels = columns.map(({ name }) => name);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined)
    throw unsupported(`The result contains duplicate column names: ${twice}.`);
  const objects = records.map((record) =>
    Object.fromEntries(record.map((field, index) => [labels[index], plainValue(field)])),
  );
  const text = JSON.stringify(objects);
  if (Buffer.byteLength(text) > FORMATTED_RESULT_BYTES)
    throw unsupported('The formatted result exceeds the size limit 10 MB.');
  return text;
}

function plainValue(field: Field): unknown {
  if (field.isNull) return null;
  const [value] = Object.values(field);
  return field.arrayValue ? Object.values(field.arrayValue)[0] : value;
}

const unsupported = (message: string) => new DataApiError('UnsupportedResultException', message);
