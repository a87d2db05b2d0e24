export type Row = Readonly<Record<string, string | number | undefined>>;

/** Rows as a Markdown table, numbers to the right; the first row's keys are the heads. */
export function table(rows: readonly Row[]): string {
  const heads = Object.keys(rows[0] ?? {});
  const isNumeric = (head: string) => rows.every((row) => typeof row[head] !== 'string');
  const widths = heads.map((head) =>
    Math.max(3, head.length, ...rows.map((row) => cellText(row[head]).length)),
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const pad = (text: string, i: number) =>
    isNumeric(heads[i] ?? '') ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
  return [
    line(heads.map(pad)),
    line(heads.map((head, i) => rule(widths[i] ?? 0, isNumeric(head)))),
    ...rows.map((row) => line(heads.map((head, i) => pad(cellText(row[head]), i)))),
  ].join('\n');
}

const rule = (width: number, toTheRight: boolean) =>
  toTheRight ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);

function cellText(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  const decimals = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}
