import {
  isPageKey,
  type OrderFilter,
  type OrderSort,
  type PageStart,
} from '../../../db/admin/order-filter.ts';
import { isDay } from '../../../db/days.ts';
import { NOT_UTF8, REPLACEMENT } from '../../shared/replacement.ts';
import { readAmount } from './typed-amount.ts';

/** The list's address, read: which orders, in which order, from where on. */
export interface ListInput {
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  readonly start: PageStart | undefined;
  /** Which of all found orders the page's first one is said to be, from 1 on. */
  readonly at: number | undefined;
  /** What is wrong, by the field's name; nothing may be asked then. */
  readonly errors: Errors;
  /** What was typed, to show it again. */
  readonly typed: Typed;
}

const FILTERS = ['q', 'status', 'seller', 'from', 'to', 'changed', 'min', 'max', 'sort'] as const;
const FIELDS = [...FILTERS, 'after', 'before', 'at'] as const;
export type FieldName = (typeof FIELDS)[number];

/** Several statuses may be asked for; all else comes once. */
export interface Typed extends Readonly<Partial<Record<Exclude<FieldName, 'status'>, string>>> {
  readonly status?: readonly string[];
}

type Errors = Readonly<Partial<Record<FieldName | 'unknown', string>>>;

export const SORTS: Readonly<Record<OrderSort, string>> = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  highest: 'Highest total first',
  lowest: 'Lowest total first',
  changed: 'Last changed first',
  unchanged: 'Longest unchanged first',
};

function isSort(text: string): text is OrderSort {
  return Object.hasOwn(SORTS, text);
}

/**
 * Parameters that are empty are as good as absent. One that nobody knows, or that comes twice, is
 * an error: a filter that is mistyped would else be none.
 *
 * @param others that the address may have beside those of the list
 */
export function parseListInput(
  parameters: URLSearchParams,
  others: readonly string[] = [],
): ListInput {
  const { typed, errors } = readTyped(parameters, others);
  const { q, status, seller } = typed;
  const day = (name: 'from' | 'to' | 'changed') => {
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
    statuses: status,
    seller,
    firstDay: day('from'),
    lastDay: day('to'),
    changedSince: day('changed'),
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

function readTyped(parameters: URLSearchParams, others: readonly string[]) {
  const typed: { -readonly [Name in keyof Typed]: Typed[Name] } = {};
  const errors: { -readonly [Name in keyof Errors]: Errors[Name] } = {};
  const known: readonly string[] = [...FIELDS, ...others];
  const [unknown] = [...parameters].find(([name, text]) => text && !known.includes(name)) ?? [];
  if (unknown !== undefined) {
    errors.unknown = `There is no filter called “${unknown.slice(0, MAX_LENGTH)}”. Those are ${FILTERS.join(', ')}.`;
  }
  for (const name of FIELDS) {
    const sent = parameters.getAll(name);
    const texts = (EXACT.has(name) ? sent : sent.map((text) => text.trim())).filter(Boolean);
    if (texts.length === 0) continue;
    if (name === 'status') typed.status = [...new Set(texts)];
    else typed[name] = texts[0];
    const error = wrongWith(name, texts);
    if (error) errors[name] = error;
  }
  return { typed, errors };
}

function wrongWith(name: FieldName, texts: readonly string[]): string | undefined {
  if (name !== 'status' && texts.length > 1) return 'Must come only once.';
  if (texts.length > MAX_STATUSES) return `Must be at most ${MAX_STATUSES} at once.`;
  if (texts.some((text) => text.includes('\0')))
    return 'Must be text without the character U+0000.';
  if (texts.some((text) => text.includes(REPLACEMENT))) return NOT_UTF8;
  return texts.some((text) => [...text].length > MAX_LENGTH)
    ? `Must have at most ${MAX_LENGTH} characters.`
    : undefined;
}

const MAX_STATUSES = 30;
/** An item's SKU and name have 306. */
const MAX_LENGTH = 320;
/**
 * Names to which a space belongs: there may be a seller called `spacey` and another
 * one called `spacey `.
 */
const EXACT: ReadonlySet<FieldName> = new Set(['status', 'seller']);

function readStart({ after, before }: Typed): PageStart | undefined {
  if (after) return { side: 'after', key: after };
  return before ? { side: 'before', key: before } : undefined;
}

/** It is only shown: one that somebody made up shows a wrong number. */
function readPlace(text: string | undefined): number | undefined {
  return text && /^[1-9]\d{0,9}$/.test(text) ? Number(text) : undefined;
}

/** What is to be changed of an address; `undefined` takes a part away. */
type Changes = { readonly [Name in keyof Typed]?: Typed[Name] | undefined };

/** The list's address with some of its state changed. */
export function listHref(input: Pick<ListInput, 'filter' | 'sort'>, changes: Changes = {}): string {
  const query = String(listParameters(input, changes));
  return query ? `/admin/orders?${query}` : '/admin/orders';
}

/** What is behind the `?` of that address. */
export function listParameters(
  { filter, sort }: Pick<ListInput, 'filter' | 'sort'>,
  changes: Changes = {},
): URLSearchParams {
  const {
    statuses: status,
    firstDay: from,
    lastDay: to,
    changedSince: changed,
    ...others
  } = filter;
  const state: Changes = { ...others, status, from, to, changed, sort, ...changes };
  const parameters = new URLSearchParams();
  for (const name of FIELDS) {
    for (const value of [state[name] ?? []].flat()) {
      if (value && !(name === 'sort' && value === 'newest')) parameters.append(name, value);
    }
  }
  return parameters;
}
