import {
  isPageKey,
  type OrderFilter,
  type OrderSort,
  type PageStart,
} from '../../../db/admin/order-filter.ts';
import { isDay } from '../../../db/days.ts';
import type { CsvFormatName } from './csv.ts';
import { readAmount } from './typed-amount.ts';

/** The list's address, read: which orders, in which order, from where on. */
export interface ListInput {
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  readonly start: PageStart | undefined;
  /** Which of all found orders the page's first one is said to be, from 1 on. */
  readonly at: number | undefined;
  /** What is wrong, by the field's name; nothing may be asked then. */
  readonly errors: Readonly<Partial<Record<FieldName, string>>>;
  /** What was typed, to show it again. */
  readonly typed: Readonly<Partial<Record<FieldName, string>>>;
}

const FIELDS = [
  'q',
  'status',
  'seller',
  'from',
  'to',
  'min',
  'max',
  'sort',
  'after',
  'before',
  'at',
] as const;
export type FieldName = (typeof FIELDS)[number];

export const SORTS: Readonly<Record<OrderSort, string>> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  highest: 'Highest total first',
  lowest: 'Lowest total first',
};

function isSort(text: string): text is OrderSort {
  return Object.hasOwn(SORTS, text);
}

/** Parameters that are unknown are ignored, empty ones as good as absent. */
export function parseListInput(parameters: URLSearchParams): ListInput {
  const typed: Partial<Record<FieldName, string>> = {};
  const errors: Partial<Record<FieldName, string>> = {};
  for (const name of FIELDS) {
    const sent = parameters.get(name);
    const text = EXACT.has(name) ? sent : sent?.trim();
    if (!text) continue;
    typed[name] = text;
    if (text.includes('\0')) errors[name] = 'Must be text without the character U+0000.';
    else if ([...text].length > MAX_LENGTH)
      errors[name] = `Must have at most ${MAX_LENGTH} characters.`;
  }

  const { q, status, seller } = typed;
  const day = (name: 'from' | 'to') => {
    const text = typed[name];
    if (text && !isDay(text)) errors[name] = 'Must be a day such as 2025-11-12.';
    return text;
  };
  const amount = (name: 'min' | 'max') => {
    const read = readAmount(typed[name] ?? '0');
    if ('error' in read) errors[name] ??= read.error;
    return typed[name] && 'amount' in read ? read.amount : undefined;
  };
  const filter = {
    q,
    status,
    seller,
    firstDay: day('from'),
    lastDay: day('to'),
    min: amount('min'),
    max: amount('max'),
  };
  const { firstDay, lastDay, min, max } = filter;
  if (firstDay && lastDay && !errors.from && !errors.to && firstDay > lastDay) {
    errors.to = 'Must not be before the first day.';
  }
  if (min && max && !errors.min && !errors.max && Number(min) > Number(max)) {
    errors.max = 'Must not be less than the lowest amount.';
  }

  const { sort: typedSort = 'newest' } = typed;
  const sort = isSort(typedSort) ? typedSort : 'newest';
  if (!isSort(typedSort)) errors.sort = `Must be one of ${Object.keys(SORTS).join(', ')}.`;
  const start = readStart(typed);
  if (start && !errors.sort && !isPageKey(start.key, sort)) {
    errors[start.side] = 'The address of this page is not complete; begin with the first page.';
  }
  const at = start ? readPlace(typed.at) : 1;
  return { filter, sort, start, at, errors, typed };
}

/** An item's SKU and name have 306. */
const MAX_LENGTH = 320;
/**
 * Names to which a space belongs: there may be a seller called `spacey` and another
 * one called `spacey `.
 */
const EXACT: ReadonlySet<FieldName> = new Set(['status', 'seller']);

function readStart({ after, before }: ListInput['typed']): PageStart | undefined {
  if (after) return { side: 'after', key: after };
  return before ? { side: 'before', key: before } : undefined;
}

/** It is only shown: one that somebody made up shows a wrong number. */
function readPlace(text: string | undefined): number | undefined {
  return text && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** The list's address with some of its state changed; `undefined` takes a part away. */
export function listHref(
  { filter: { firstDay: from, lastDay: to, ...others }, sort }: Pick<ListInput, 'filter' | 'sort'>,
  changes: Partial<Record<FieldName, string | undefined>> = {},
  path = '/admin/orders',
): string {
  const state: Partial<Record<FieldName, string | undefined>> = {
    ...others,
    from,
    to,
    sort,
    ...changes,
  };
  const parameters = new URLSearchParams();
  for (const name of FIELDS) {
    const value = state[name];
    if (value && !(name === 'sort' && value === 'newest')) parameters.set(name, value);
  }
  const query = parameters.toString();
  return query ? `${path}?${query}` : path;
}

/** The address of the list as CSV. */
export function exportHref(
  input: Pick<ListInput, 'filter' | 'sort'>,
  delimiter: CsvFormatName,
  changes: { readonly after?: string } = {},
): string {
  const href = listHref(input, changes, '/admin/orders.csv');
  if (delimiter === 'comma') return href;
  return `${href}${href.includes('?') ? '&' : '?'}delimiter=${delimiter}`;
}
