/** Which orders are written, and how. */
export interface ExportArguments {
  readonly format: 'csv' | 'ndjson';
  readonly delimiter: 'comma' | 'semicolon';
  /** As the list's address has it. */
  readonly filter: URLSearchParams;
  readonly rows: 'orders' | 'items';
  /** Where an export before has ended. @default with the first order */
  readonly after: string | undefined;
}
