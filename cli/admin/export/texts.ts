import type { ExportArguments } from './arguments.ts';
import type { Found } from './ask-part.ts';
import type { Written } from './export.ts';

/** What was written, beside what the list's page says of the same orders. */
export function summaryText(
  { orders, rows, total }: Omit<Written, 'next'>,
  given: ExportArguments,
  { orders: foundOrders, total: foundTotal }: Found,
): string {
  const items = given.rows === 'items' ? ` with ${count(rows, 'item')}` : '';
  const written = `${count(orders, 'order')}${items} · ${money(total)} in all`;
  if (foundOrders === undefined || foundTotal === undefined) return `${written}.`;
  if (foundOrders === orders && foundTotal === total) return `${written}, as the page says.`;
  return `${written}. The page says ${count(foundOrders, 'order')} · ${money(foundTotal)} by now: orders came, changed or went while this was written.`;
}

/** What was not written, and what writes it. */
export function restText({ orders, next }: Written, given: ExportArguments): string {
  const { format, filter, rows, delimiter } = given;
  const parts = [
    'npm run -s admin -- export',
    `--format ${format}`,
    filter.size > 0 && `--filter '${filter}'`,
    rows === 'items' && '--items',
    delimiter === 'semicolon' && '--excel',
    `--after ${next}`,
  ];
  const command = parts.filter(Boolean).join(' ');
  return `Stopped after ${count(orders, 'order')}; what is written is whole up to there. The rest: ${command} >> FILE`;
}

const count = (number: number, one: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : `${one}s`}`;

const money = (decimal: string) =>
  new Intl.NumberFormat('en', { minimumFractionDigits: 2 }).format(decimal as `${number}`);
