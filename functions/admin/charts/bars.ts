import { addAmounts } from '../../../db/add-amounts.ts';
import { addDays, dayNumber, dayText, type Span, startAfter, startOf } from '../../../db/days.ts';

export interface ChartedDay {
  readonly day: string;
  readonly orders_count: number;
  readonly total_revenue: string;
}

/** A day, or a week or a month as far as it is in the period. */
export interface Bar extends Omit<ChartedDay, 'day'> {
  readonly first: string;
  readonly last: string;
  /** How many bars' places it is from the period's first; less than 0 before the period. */
  readonly place: number;
}

/** Days as bars of a period. */
export interface Bars {
  readonly span: Span;
  readonly firstDay: string;
  readonly lastDay: string;
  /** Oldest first; those without orders are absent. */
  readonly bars: readonly Bar[];
  /** How many places the period has. */
  readonly places: number;
}

/** A bar a day, until they would be too thin to be told apart; then one a week, or a month. */
const MOST_DAYS = 92;
const MOST_WEEKS_OF_DAYS = 2 * 366;

/**
 * @param days oldest first; those without orders may be absent, those before the period are days
 * @param period how many days it has
 */
export function barsOf(days: readonly ChartedDay[], lastDay: string, period: number): Bars {
  const span = period <= MOST_DAYS ? 'day' : period <= MOST_WEEKS_OF_DAYS ? 'week' : 'month';
  const firstDay = addDays(lastDay, 1 - period);
  const place = placeIn(span, firstDay);
  const bars = new Map<number, Bar>();
  for (const day of days) {
    const at = place(day.day);
    const known = bars.get(at) ?? emptyBar(day.day, span, { firstDay, lastDay }, at);
    bars.set(at, {
      ...known,
      orders_count: known.orders_count + day.orders_count,
      total_revenue: addAmounts(known.total_revenue, day.total_revenue),
    });
  }
  const places = place(lastDay) + 1;
  return { span, firstDay, lastDay, bars: [...bars.values()], places };
}

/** Which place a day has, from that of the period's first. */
function placeIn(span: Span, firstDay: string): (day: string) => number {
  const first = ordinal(firstDay, span);
  return (day) => ordinal(day, span) - first;
}

function ordinal(day: string, span: Span): number {
  if (span === 'month') {
    const [year = 0, month = 0] = day.split('-').map(Number);
    return 12 * year + month;
  }
  const start = startOf(dayNumber(day), span);
  return span === 'week' ? (start + 3) / 7 : start; // 1970-01-01 was a Thursday
}

/** Without what lies outside of the period, or before all days. */
function emptyBar(
  day: string,
  span: Span,
  period: Pick<Bars, 'firstDay' | 'lastDay'>,
  place: number,
): Bar {
  const first = startOf(dayNumber(day), span);
  const last = startAfter(dayNumber(day), span) - 1;
  const earliest = place < 0 ? 0 : Math.max(0, dayNumber(period.firstDay));
  return {
    first: dayText(Math.max(first, earliest)),
    last: dayText(Math.min(last, dayNumber(period.lastDay))),
    place,
    orders_count: 0,
    total_revenue: '0.00',
  };
}
