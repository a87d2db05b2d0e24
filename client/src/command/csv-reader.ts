import {
  type Column,
  type Field,
  type IfEmpty,
  ITEM_FIELDS,
  type Mapping,
  ORDER_FIELDS,
} from './csv-mapping.ts';
import type { CsvRow } from './csv-rows.ts';
import { readAmount, timeReader, type ValueRules } from './csv-values.ts';

/** Reads fields of rows, as a mapping and rules have it. */
export class RowReader {
  readonly #mapping: Mapping;
  readonly #header: readonly string[];
  readonly #rules: ValueRules;
  readonly #time: (value: string) => string | undefined;
  /** Put before every order's number. */
  readonly #prefix: string;
  readonly #ifEmpty: IfEmpty;
  /** Those that have a column, where there are several items one for each. */
  readonly #itemFields: readonly (keyof IfEmpty)[];

  constructor(
    mapping: Mapping,
    header: readonly string[],
    { prefix, ifEmpty, ...rules }: ValueRules & { readonly prefix: string; ifEmpty: IfEmpty },
  ) {
    this.#mapping = mapping;
    this.#header = header;
    this.#rules = rules;
    this.#time = timeReader(rules);
    this.#prefix = prefix;
    this.#ifEmpty = ifEmpty;
    const { itemsInRow } = this;
    this.#itemFields = ITEM_FIELDS.filter((field) => {
      const column = mapping.get(field);
      return column && 'places' in column && column.places.length === itemsInRow;
    });
  }

  /** How many items a row has columns for. */
  get itemsInRow(): number {
    return Math.max(1, ...[...this.#mapping.values()].map(columnsCount));
  }

  get hasItems(): boolean {
    return this.has('sku');
  }

  get columnsCount(): number {
    return this.#header.length;
  }

  has(field: Field): boolean {
    return this.#mapping.has(field);
  }

  /** Composed, as the service compares them; empty where there is none. */
  orderNumber(row: CsvRow): string {
    const number = this.value(row, 'order_number');
    return number === '' ? '' : `${this.#prefix}${number}`.normalize();
  }

  /** @param nth which item's, from 0 */
  value({ record }: CsvRow, field: Field, nth = 0): string {
    const column = this.#mapping.get(field);
    if (!column) return '';
    if ('constant' in column) return column.constant;
    return (record[placeOf(column, nth)] ?? '').trim();
  }

  /** The same of an item, or what it is where that is empty. */
  itemValue(row: CsvRow, field: keyof IfEmpty, nth: number): string {
    return this.value(row, field, nth) || (this.#ifEmpty[field] ?? '');
  }

  /**
   * Whether a row has an item there: one of its own columns has something, be it an amount other
   * than 0. What is said for all rows or of empty columns makes none, nor does a column that all
   * items of a row share.
   */
  hasItem(row: CsvRow, nth: number): boolean {
    const own = this.#itemFields;
    return own.length === 0 || own.some((field) => !isNothing(field, this.value(row, field, nth)));
  }

  /** Whether a row has nothing that is the order's own, so that it goes on with the one before. */
  hasNoOrder(row: CsvRow): boolean {
    return ORDER_FIELDS.every((field) => {
      const column = this.#mapping.get(field);
      return !column || 'constant' in column || this.value(row, field) === '';
    });
  }

  /** Which column a field is in, for messages. */
  title(field: Field, nth = 0): string {
    const column = this.#mapping.get(field);
    return column && 'places' in column ? (this.#header[placeOf(column, nth)] ?? field) : field;
  }

  amount(value: string): string | undefined {
    return readAmount(value, this.#rules);
  }

  time(value: string): string | undefined {
    return this.#time(value);
  }

  get rules(): ValueRules {
    return this.#rules;
  }
}

const columnsCount = (column: Column) => ('places' in column ? column.places.length : 1);

const isNothing = (field: Field, value: string) =>
  value === '' || (/^(?:price|line_total)$/.test(field) && /^[+-]?[0\s.,]+$/.test(value));

const placeOf = ({ places }: Extract<Column, { places: unknown }>, nth: number) =>
  places[Math.min(nth, places.length - 1)] ?? -1;
