import { EXPORTED, type ExportedName, type ExportedRow } from './columns.ts';
import { CSV_FORMATS, type CsvFormat, csvHead, csvLine } from './csv.ts';
import { ndjsonLine } from './ndjson.ts';

/** How a file is written. */
export interface ExportFormat {
  readonly contentType: string;
  readonly extension: string;
  /** What comes before the first row. */
  head(of: ExportedName): string;
  line(of: ExportedName, row: ExportedRow): string;
}

/** By what the address says: `csv` and its delimiter, or `ndjson`. */
export const EXPORT_FORMATS = {
  comma: csv(CSV_FORMATS.comma),
  semicolon: csv(CSV_FORMATS.semicolon),
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    extension: 'ndjson',
    head: () => '',
    line: (of, row) => ndjsonLine(EXPORTED[of], row),
  },
} as const satisfies Record<string, ExportFormat>;

function csv(format: CsvFormat): ExportFormat {
  return {
    contentType: 'text/csv; charset=utf-8',
    extension: 'csv',
    head: (of) => csvHead(EXPORTED[of], format),
    line: (of, row) => csvLine(EXPORTED[of], row, format),
  };
}
