import { isSellerKey, SELLER_SORTS, type SellerSort } from '../../../db/admin/sellers-list.ts';
import type { QueryString } from '../../shared/query-string.ts';

/** The address of the list of sellers, read. */
export interface SellersInput {
  readonly q: string;
  readonly sort: SellerSort;
  readonly days: number;
  readonly after: string | undefined;
}

/** How many days the figures may be of. */
export const LIST_PERIODS = [7, 30, 90] as const;

const DEFAULTS = { sort: 'revenue', days: '30' } as const;

/** A name has 50. */
const MAX_LENGTH = 100;

/** Adds to the query's errors what is wrong with it. */
export function readSellersInput(query: QueryString): SellersInput {
  const q = query.one('q')?.trim() ?? '';
  if (q.includes('\0') || [...q].length > MAX_LENGTH) {
    query.fail('q', 'invalid', `The search must be text of at most ${MAX_LENGTH} characters.`);
  }
  const typedSort = query.one('sort') || DEFAULTS.sort;
  const sort = SELLER_SORTS.find((each) => each === typedSort);
  if (!sort) query.fail('sort', 'invalid_choice', `Sort may be ${SELLER_SORTS.join(', ')}.`);
  const typedDays = query.one('days') || DEFAULTS.days;
  const days = LIST_PERIODS.find((each) => String(each) === typedDays);
  if (!days) query.fail('days', 'invalid_choice', `Days may be ${LIST_PERIODS.join(', ')}.`);
  const after = query.one('after') || undefined;
  if (after && sort && !isSellerKey(after, sort)) {
    query.fail(
      'after',
      'invalid',
      'The address of this page is not complete; begin with the first.',
    );
  }
  return { q, sort: sort ?? DEFAULTS.sort, days: days ?? Number(DEFAULTS.days), after };
}

/** The list's address with some of its state changed; it begins anew unless `after` is given. */
export function sellersHref(input: SellersInput, changes: Partial<SellersInput> = {}): string {
  const { q, sort, days, after } = { ...input, after: undefined, ...changes };
  const query = new URLSearchParams({
    ...(q && { q }),
    ...(sort !== DEFAULTS.sort && { sort }),
    ...(String(days) !== DEFAULTS.days && { days: String(days) }),
    ...(after && { after }),
  });
  return query.size === 0 ? '/admin/sellers' : `/admin/sellers?${query}`;
}
