import {
  isPageKey,
  type OrderFilter,
  type OrderSort,
  type PageStart,
} from '../../../db/admin/order-filter.ts';
import { isDay } from '../../../db/days.ts';
import { readAmount } from './typed-amount.ts';

/** The list's address, read: which orders, in which order, from where on. */
export interface ListInput {
  readonly filter: OrderFilter;
  readonly sort: OrderSort;
  readonly start: PageStart | undefined;
  /** Which of all found orders the page's first one is said to be, from 1 on. */
  readonly at: number | undefined;
  /** What is wrong, by the field's name; nothing may be asked then. */
  readonly errors: Readonly<Partial<Record<FieldName | 'unknown', string>>>;
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
  const typed: Partial<Record<FieldName, string>> = {};
  const errors: Partial<Record<FieldName | 'unknown', string>> = {};
  const known: readonly string[] = [...FIELDS, ...others];
  const unknown = [...parameters.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    errors.unknown = `There is no filter called “${unknown.slice(0, MAX_LENGTH)}”. Those are ${known.join(', ')}.`;
  }
  for (const name of FIELDS) {
    const [sent, ...more] = parameters.getAll(name);
    const text = EXACT.has(name) ? sent : sent?.trim();
    if (more.length > 0) errors[name] = 'Must come only once.';
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

type State = Readonly<Partial<Record<FieldName, string | undefined>>>;

/** The list's address with some of its state changed; `undefined` takes a part away. */
export function listHref(input: Pick<ListInput, 'filter' | 'sort'>, changes: State = {}): string {
  const query = String(listParameters(input, changes));
  return query ? `/admin/orders?${query}` : '/admin/orders';
}

/** What is behind the `?` of that address. */
export function listParameters(
  { filter: { firstDay: from, lastDay: to, ...others }, sort }: Pick<ListInput, 'filter' | 'sort'>,
  changes: State = {},
): URLSearchParams {
  const state: State = { ...others, from, to, sort, ...changes };
  const parameters = new URLSearchParams();
  for (const name of FIELDS) {
    const value = state[name];
    if (value && !(name === 'sort' && value === 'newest')) parameters.set(name, value);
  }
  return parameters;
}
