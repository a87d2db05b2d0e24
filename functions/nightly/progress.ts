import type { DayProof } from '../../db/stats/day-proof.ts';
import type { CheckedItems } from '../../db/stats/items-proof.ts';

export interface ComputedDay extends DayProof {
  readonly day: string;
}

/** What a night failed at and left to another. */
export interface LeftPart {
  /** `sample` is finding out which older days it is time to prove again. */
  readonly part: 'figures' | 'items' | 'refusals' | 'sample' | 'versions';
  /** Of which day the figures or the items were to be proved. */
  readonly day?: string;
  readonly error: string;
}

/** What a run has done so far; it grows while the run goes on. */
export interface Progress {
  /** The period's days, oldest first. */
  readonly days: ComputedDay[];
  /** Older days that were proved again. */
  readonly sample: ComputedDay[];
  /** Of the orders of all these days. */
  readonly items: CheckedItems;
  readonly left: LeftPart[];
  /**
   * The first day of the period for which there was no time, or not enough to look at its orders'
   * items: all of those before were looked at, but for a period's first day that took all the time.
   */
  next: string | undefined;
  /** How many former versions of orders were old enough to be deleted. */
  versionsPruned: number;
  /** The same of refused uploads, which are counted by day. */
  refusalsPruned: number;
}

export const noProgress = (): Progress => ({
  days: [],
  sample: [],
  items: { orders_checked: 0, orders_damaged: 0, damaged_examples: [] },
  left: [],
  next: undefined,
  versionsPruned: 0,
  refusalsPruned: 0,
});

/** What a run counts of itself. */
export function totals({ days, sample, items }: Progress) {
  const all = [...days, ...sample];
  return {
    days_checked: all.length,
    rows_checked: all.reduce((sum, day) => sum + day.rows_count, 0),
    orders_checked: items.orders_checked,
  };
}

/** What was left, in a line; `undefined` when nothing was. */
export function leftText({ left }: Progress): string | undefined {
  if (left.length === 0) return undefined;
  const parts = left.map(({ part, day, error }) => `${day ? `${part} of ${day}` : part}: ${error}`);
  return `Left to another night: ${parts.join('; ')}`;
}
