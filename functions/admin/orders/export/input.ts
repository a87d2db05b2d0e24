import { type ListInput, parseListInput } from '../input.ts';
import type { ExportedName } from './columns.ts';
import type { EXPORT_FORMATS } from './format.ts';

/** The address of an export, read: which orders, and how they are written. */
export interface ExportInput extends Pick<ListInput, 'filter' | 'sort'> {
  readonly of: ExportedName;
  readonly format: keyof typeof EXPORT_FORMATS;
  /** Where to go on. @default with the first order */
  readonly after: ExportPlace | undefined;
  /** How many orders there may be in the answer. @default as many as it may hold */
  readonly limit: number | undefined;
  /** What is wrong, by the parameter's name. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Where an answer ended: after a listed order, or after a line of it. */
export interface ExportPlace {
  /** The order's. */
  readonly key: string;
  /** The last of its items that was written; `undefined` when it is done. */
  readonly line?: number | undefined;
}

const PARAMETERS = ['of', 'delimiter', 'limit'];

/** @param extension that of the address: `.csv` or `.ndjson` */
export function readExportInput(
  parameters: URLSearchParams,
  extension: 'csv' | 'ndjson',
): ExportInput {
  const others = extension === 'csv' ? PARAMETERS : PARAMETERS.filter((n) => n !== 'delimiter');
  const errors: Record<string, string> = {};
  const one = (name: string) => {
    const [text, ...more] = parameters.getAll(name).filter(Boolean);
    if (more.length > 0) errors[name] = 'Must come only once.';
    return text;
  };
  const [value = '', id = '', line] = (one('after') ?? '').split('_');
  const place = new URLSearchParams(parameters);
  if (line !== undefined && isLine(line)) place.set('after', `${value}_${id}`);
  const { filter, sort, start, errors: wrong } = parseListInput(place, others);
  Object.assign(errors, wrong);

  const read = <Value>(name: string, values: Readonly<Record<string, Value>>, standard: string) => {
    const text = one(name) ?? standard;
    if (Object.hasOwn(values, text)) return values[text];
    errors[name] = `Must be one of ${Object.keys(values).join(', ')}.`;
    return undefined;
  };
  const of = read('of', { orders: 'orders', items: 'items' } as const, 'orders') ?? 'orders';
  const delimiters = { comma: 'comma', semicolon: 'semicolon' } as const;
  const format = extension === 'csv' ? read('delimiter', delimiters, 'comma') : 'ndjson';
  const limit = one('limit');
  if (limit !== undefined && !/^[1-9]\d{0,5}$/.test(limit)) {
    errors.limit = 'Must be a whole number from 1 to 999999.';
  }
  if (start?.side === 'before') errors.before = 'An export goes on after an order, not before one.';
  return {
    filter,
    sort,
    of,
    format: format ?? 'comma',
    after: start && { key: start.key, line: line === undefined ? undefined : Number(line) },
    limit: limit === undefined ? undefined : Number(limit),
    errors,
  };
}

/** Lines are numbered from 1, and no order has a thousand million. */
const isLine = (text: string) => /^[1-9]\d{0,8}$/.test(text);

/** What goes on at a place, as an address has it. */
export function placeText({ key, line }: ExportPlace): string {
  return line === undefined ? key : `${key}_${line}`;
}
