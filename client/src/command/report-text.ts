import { shownCount, shownOrders, takenOrders } from './counts.ts';
import { amountOf } from './file-order.ts';
import type { Report } from './upload-command.ts';

/** What has come of it, for programs. */
export function reportJson(report: Report): string {
  const { cents, ...numbers } = report.counts;
  return JSON.stringify({
    user: report.user,
    ...numbers,
    total_amount: amountOf(cents),
    rejected_files: report.rejectedFiles,
    ...report.figures,
    as_expected: report.isAsExpected ?? null,
    sent_before: report.sentBefore,
    dry_run: report.isDryRun,
  });
}

/** The same for people. */
export function reportText(report: Report): string {
  const { counts, isDryRun, sentBefore, refusedBefore, rejectedFiles } = report;
  const taken = takenOrders(counts);
  const lines = [
    `${shownOrders(taken)} ${isDryRun ? 'would be taken' : 'taken'}, ${amountOf(counts.cents)}: ` +
      `${shownCount(counts.orders_created)} new, ${shownCount(counts.orders_updated)} updated, ` +
      `${shownCount(counts.orders_unchanged)} unchanged, ${shownCount(counts.orders_stale)} older than what is stored.`,
  ];
  if (sentBefore > 0) lines.push(`Of these ${shownOrders(sentBefore)} had been sent before.`);
  if (refusedBefore > 0) {
    lines.push(`${shownOrders(refusedBefore)} refused before, in a file that was taken away.`);
  }
  if (counts.rejected > 0) {
    const where = rejectedFiles.length > 0 ? `: ${rejectedFiles.join(', ')}` : '';
    lines.push(`${shownCount(counts.rejected)} refused${where}.`);
  }
  lines.push(isDryRun ? 'Nothing was stored.' : figuresText(report, taken > sentBefore));
  return `${lines.join('\n')}\n`;
}

function figuresText({ user, sentBefore, figures, isAsExpected }: Report, isSent: boolean): string {
  if (!figures) return '';
  const that = sentBefore > 0 && isSent ? 'what was sent now' : 'that';
  const grown = {
    true: ` They have grown by just ${that}.`,
    false: ` They have NOT grown by just ${that}: something else has changed orders meanwhile.`,
    undefined: '',
  };
  const has = `${user} has ${shownOrders(figures.orders_count)}, ${figures.total_revenue}.`;
  return `${has}${grown[`${isAsExpected}`]}`;
}
