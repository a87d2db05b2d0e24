import { Cells } from './cells.ts';

/** A column whose values travel as one PostgreSQL array literal. */
export interface ArrayColumn {
  /** PostgreSQL's type of what travels. */
  readonly type: string;
  /** Whether its elements stand in quotes. */
  readonly isQuoted: boolean;
  /** SQL that writes a stored value just as `addRow` wrote the one that was uploaded. */
  readonly storedCell: (column: string) => string;
  /** SQL that makes what is stored of what has travelled. @default it is the same */
  readonly decoded?: (column: string) => string;
}

/** Columns by their names, in the order in which they are sent. */
export type ArrayColumns = Readonly<Record<string, ArrayColumn>>;

export const textColumn: ArrayColumn = {
  type: 'text',
  isQuoted: true,
  storedCell: (column) =>
    String.raw`'"' || replace(replace(${column}, '\', '\\'), '"', '\"') || '"'`,
};

/** Of numbers, dates and base64: they need no quotes. */
export const plainColumn = (type: string): ArrayColumn => ({
  type,
  isQuoted: false,
  storedCell: (column) => column,
});

/** A value for each column; what is not there is `NULL`. */
export type RowOf<Columns extends ArrayColumns> = {
  readonly [Name in keyof Columns]: Value;
};

type Value = string | number | undefined;

/** One literal a column, for `unnest`. */
export type LiteralsOf<Columns extends ArrayColumns> = {
  readonly [Name in keyof Columns]: string;
};

/**
 * Rows that are turned into columns. PostgreSQL reads arrays in half the time that it needs for the
 * same rows as JSON, and no column's name travels more than once.
 */
export class ArrayRows<Columns extends ArrayColumns> {
  readonly #columns: readonly (ArrayColumn & { name: keyof Columns; cells: Cells })[];

  constructor(columns: Columns) {
    this.#columns = Object.entries(columns).map(([name, column]) => {
      return { ...column, name, cells: new Cells() };
    });
  }

  /** How many bytes the literals take within the request's JSON, each element with a comma. */
  get sizeBytes(): number {
    let sizeBytes = BRACES_BYTES * this.#columns.length;
    for (const { cells } of this.#columns) sizeBytes += cells.sizeBytes;
    return sizeBytes;
  }

  add(row: RowOf<Columns>): void {
    for (const column of this.#columns) addCell(column.cells, column, row[column.name]);
  }

  /** Keeps what was added: `takeBack` takes what comes after. */
  keep(): void {
    for (const { cells } of this.#columns) cells.keep();
  }

  takeBack(): void {
    for (const { cells } of this.#columns) cells.takeBack();
  }

  /** Takes back all. */
  clear(): void {
    for (const { cells } of this.#columns) cells.clear();
  }

  literals(): LiteralsOf<Columns> {
    const literals = this.#columns.map(({ name, cells }) => [name, cells.literal()]);
    return Object.fromEntries(literals) as LiteralsOf<Columns>;
  }
}

const BRACES_BYTES = 2;

/** Adds a row's values, in the order of the columns. */
export function addRow<Columns extends ArrayColumns>(
  cells: Cells,
  columns: Columns,
  row: RowOf<Columns>,
): void {
  for (const name in columns) addCell(cells, columns[name]!, row[name]);
}

function addCell(cells: Cells, { isQuoted }: ArrayColumn, value: Value): void {
  if (value === undefined) cells.addPlain('NULL');
  else if (isQuoted) cells.addText(String(value));
  else cells.addPlain(value);
}

/** Texts as one literal of a PostgreSQL array. */
export function textArray(texts: readonly string[]): string {
  return `{${texts.map(textCell).join()}}`;
}

/**
 * A text as an element of an array literal.
 *
 * @see https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO
 */
function textCell(text: string): string {
  return `"${SPECIAL.test(text) ? text.replace(ALL_SPECIAL, '\\$&') : text}"`;
}

const SPECIAL = /["\\]/;
const ALL_SPECIAL = /["\\]/g;
