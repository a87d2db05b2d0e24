import type { OrderFilter } from '../../../../db/admin/order-filter.ts';
import { boundsOf } from '../../../../db/days.ts';

/** What of a filter's text may be in the name of a file. */
const MAX_LENGTH = 30;
const MAX_STATUSES = 4;

/**
 * How a file is called that has the orders of a filter, or their items, without its extension:
 * `orders-2026-10`, `items-2026-10-05-seller-tea-house`.
 */
export function exportName(of: string, filter: OrderFilter): string {
  const { q, statuses = [], seller, min, max, changedSince } = filter;
  const parts = [
    of,
    period(filter),
    ...statuses.slice(0, MAX_STATUSES).map(named),
    seller && `seller-${named(seller)}`,
    q && `search-${named(q)}`,
    min && `from-${min}`,
    max && `to-${max}`,
    changedSince && `changed-since-${changedSince}`,
  ];
  return parts.filter(Boolean).join('-');
}

/** The header for a file of any name: a plain one, and where it says less, the name itself. */
export function attachment(name: string): string {
  const plain = name.replace(/[^ -~]/gu, '_');
  const exact = plain === name ? '' : `; filename*=UTF-8''${encodeURIComponent(name)}`;
  return `attachment; filename="${plain}"${exact}`;
}

/** `2026`, `2026-10`, `2026-10-05`, or the days between which it lies. */
function period({ firstDay, lastDay }: OrderFilter): string | undefined {
  if (!firstDay && !lastDay) return undefined;
  if (!lastDay) return `since-${firstDay}`;
  if (!firstDay) return `until-${lastDay}`;
  const whole = ['2026', '2026-10', '2026-10-05']
    .map(({ length }) => firstDay.slice(0, length))
    .find((date) => boundsOf(date)[0] === firstDay && boundsOf(date)[1] === lastDay);
  return whole ?? `${firstDay}-to-${lastDay}`;
}

/** Letters and digits of any script, parted by hyphens. */
function named(text: string): string {
  const words =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...words.join('-')].slice(0, MAX_LENGTH).join('').replace(/-$/, '') || 'other';
}
