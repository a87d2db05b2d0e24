import type { ColumnKind, Columns, ExportedRow } from './columns.ts';

/** A row as a line of JSON: money as a number with all its digits, instants as RFC 3339. */
export function ndjsonLine(columns: Columns, row: ExportedRow): string {
  const fields = Object.entries(columns).map(
    ([name, kind]) => `${JSON.stringify(name)}:${jsonValue(String(row[name]), kind)}`,
  );
  return `{${fields.join(',')}}\n`;
}

function jsonValue(text: string, kind: ColumnKind): string {
  if (kind === 'text') return JSON.stringify(text);
  return kind === 'instant' ? `"${text.replace(' ', 'T')}Z"` : text;
}
