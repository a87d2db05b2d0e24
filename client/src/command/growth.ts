import { addCounts, type Counts } from './counts.ts';
import { centsOf } from './file-order.ts';
import type { Figures } from './journal.ts';

/** What was sent since figures were asked for. */
export interface Sent {
  readonly before: Figures;
  readonly counts: Counts;
}

/**
 * Whether the service's figures have grown by just what was sent: by what this run has sent since
 * it began, or by that and what a journal says of earlier runs, since that journal began. The
 * first is not so where an earlier run was killed before it knew that a chunk was stored, which
 * counts again as this run's; the second where orders were sent in between.
 *
 * @param isGoneOn whether this run went on with a file at which an earlier one was stopped: what
 *   that had stored without hearing of it is nobody's, and growth can only be found to be so
 * @param now `undefined` where this run has sent nothing: then it can only be found to be so
 * @returns `undefined` where nobody can know, since some orders were there before
 */
export function isAsSent(
  after: Figures,
  now: Sent | undefined,
  earlier: readonly Sent[],
  isGoneOn = false,
): boolean | undefined {
  if (now && !areAllNew(now.counts)) return undefined;
  const known = earlier.map(({ before, counts }) => ({
    before,
    counts: now ? addCounts(counts, now.counts) : counts,
  }));
  const isSo = [...(now ? [now] : []), ...known].some((sent) => isGrowth(after, sent));
  return isSo || (now && !isGoneOn) ? isSo : undefined;
}

const areAllNew = ({ orders_updated, orders_unchanged, orders_stale }: Counts) =>
  orders_updated + orders_unchanged + orders_stale === 0;

const isGrowth = (after: Figures, { before, counts }: Sent) =>
  areAllNew(counts) &&
  after.orders_count === before.orders_count + counts.orders_created &&
  centsOf(after.total_revenue) === (centsOf(before.total_revenue) ?? 0n) + counts.cents;
