import type { FieldDef } from 'pg';
import { DataApiError } from '../errors.ts';
import { FORMATTED_RESULT_BYTES } from '../limits.ts';
import type { Field } from '../wire.ts';

/**
 * The string of `formatRecordsAs: JSON`: an array of objects keyed by label.
 *
 * @throws {DataApiError} UnsupportedResultException for a label that occurs twice,
 * or for more than 10 MB
 */
export function formatRecords(columns: readonly FieldDef[], records: Iterable<Field[]>): string {
  const labels = columns.map(({ name }) => name);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined)
    throw unsupported(`The result contains duplicate column names: ${twice}.`);
  const objects: string[] = [];
  let bytes = 1; // the first bracket; the other one is counted as a comma
  for (const record of records) {
    const members = record.map((field, index) => [labels[index], plainValue(field)]);
    const object = JSON.stringify(Object.fromEntries(members));
    bytes += Buffer.byteLength(object) + 1;
    if (bytes > FORMATTED_RESULT_BYTES) throw formattedTooLarge();
    objects.push(object);
  }
  return `[${objects.join(',')}]`;
}

export const formattedTooLarge = () =>
  unsupported('The formatted result exceeds the size limit 10 MB.');

function plainValue(field: Field): unknown {
  if (field.isNull) return null;
  const [value] = Object.values(field);
  return field.arrayValue ? Object.values(field.arrayValue)[0] : value;
}

const unsupported = (message: string) => new DataApiError('UnsupportedResultException', message);
