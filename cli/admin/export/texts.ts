import { counted } from '../../counted.ts';
import { pastedCommand } from '../../pasted-command.ts';
import type { TargetChoice } from '../../target/target.ts';
import type { ExportArguments } from './arguments.ts';
import type { Found } from './ask-part.ts';
import type { Written } from './export.ts';

/** What was written, beside what the list's page says of the same orders. */
export function summaryText(
  written: Omit<Written, 'next'>,
  given: ExportArguments,
  found: Found,
): string {
  const sum = sumText(written, given, found);
  return written.isPart ? `${sum} ${NOT_ALL_SEARCHED}` : sum;
}

const NOT_ALL_SEARCHED =
  'Not all that may have what was searched for was looked at: the page of the same filter says what was left out.';

function sumText(
  { orders, rows, total }: Omit<Written, 'next'>,
  given: ExportArguments,
  { orders: foundOrders, total: foundTotal }: Found,
): string {
  const items = given.rows === 'items' ? ` with ${counted(rows, 'item')}` : '';
  const written = `${counted(orders, 'order')}${items} · ${money(total)} in all`;
  if (foundOrders === undefined || foundTotal === undefined) return `${written}.`;
  if (foundOrders === orders && foundTotal === total) return `${written}, as the page says.`;
  return `${written}. The page says ${counted(foundOrders, 'order')} · ${money(foundTotal)} by now: orders came, changed or went while this was written.`;
}

/** What was not written, and what writes it, from where the rest came from. */
export function restText(
  { orders, next }: Written,
  { format, filter, rows, delimiter }: ExportArguments,
  of: TargetChoice,
): string {
  const options = [
    ...['export', '--format', format],
    ...(filter.size > 0 ? ['--filter', String(filter)] : []),
    ...(rows === 'items' ? ['--items'] : []),
    ...(delimiter === 'semicolon' ? ['--excel'] : []),
    `--after=${next}`, // in one word: the place may be a negative amount
  ];
  const command = pastedCommand('npm run -s admin', options, of);
  return `Stopped after ${counted(orders, 'order')}; what is written is whole up to there. The rest: ${command} >> FILE`;
}

const money = (decimal: string) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(decimal as `${number}`);
