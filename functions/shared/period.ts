import { dayNumber, isDay, isEndOfPeriod } from '../../db/days.ts';
import type { QueryString } from './query-string.ts';

/** UTC days: `from` is the first that counts, `to` the first that no longer does. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** The period of a query that may leave it open at either end. */
export function readPeriod(query: QueryString) {
  return checked(query, { from: query.one('from'), to: query.one('to') });
}

/** The period of a query that has to say both. */
export function requirePeriod(query: QueryString): Period {
  return checked(query, { from: query.required('from'), to: query.required('to') });
}

type Ends = { readonly [Name in keyof Period]: string | undefined };

/** What is wrong with it is for `finish` to refuse. */
function checked<T extends Ends>(query: QueryString, period: T): T {
  const from = checkedDay(query, 'from', period.from, isDay);
  const to = checkedDay(query, 'to', period.to, isEndOfPeriod);
  if (from && to && dayNumber(from) >= dayNumber(to)) {
    query.fail('to', 'out_of_range', 'Must be after from: the day of to is not in the period.');
  }
  return period;
}

function checkedDay(
  query: QueryString,
  name: string,
  text: string | undefined,
  fits: (text: string) => boolean,
): string | undefined {
  if (!text || fits(text)) return text;
  query.fail(name, 'invalid_date', 'Must be a day of the years 1970 to 9999, such as 2025-11-12.');
  return undefined;
}
