import { shownCount, shownOrders, takenOrders } from './counts.ts';
import { amountOf } from './file-order.ts';
import type { Report } from './upload-command.ts';

/** What has come of it, for programs. */
export function reportJson({ user, counts, rejectedFiles, figures, isAsExpected }: Report): string {
  const { cents, ...numbers } = counts;
  return JSON.stringify({
    user,
    ...numbers,
    total_amount: amountOf(cents),
    rejected_files: rejectedFiles,
    ...figures,
    as_expected: isAsExpected ?? null,
  });
}

/** The same for people. */
export function reportText(
  { user, counts, rejectedFiles, figures, isAsExpected }: Report,
  isDryRun: boolean,
) {
  const lines = [
    `${shownOrders(takenOrders(counts))} ${isDryRun ? 'would be taken' : 'taken'}, ${amountOf(counts.cents)}: ` +
      `${shownCount(counts.orders_created)} new, ${shownCount(counts.orders_updated)} updated, ` +
      `${shownCount(counts.orders_unchanged)} unchanged, ${shownCount(counts.orders_stale)} older than what is stored.`,
  ];
  if (counts.rejected > 0) {
    const where = rejectedFiles.length > 0 ? `: ${rejectedFiles.join(', ')}` : '';
    lines.push(`${shownCount(counts.rejected)} refused${where}.`);
  }
  if (figures) {
    const grown = {
      true: ' They have grown by just that.',
      false: ' They have NOT grown by just that: something else has changed orders meanwhile.',
      undefined: '',
    };
    lines.push(
      `${user} has ${shownOrders(figures.orders_count)}, ${figures.total_revenue}.${grown[`${isAsExpected}`]}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
