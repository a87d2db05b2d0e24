import { about, count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { FoundOrders } from './found-orders.ts';
import { type ListInput, listHref } from './input.ts';

/** Why a list is empty, and the nearest that would not be. */
export function nothingFound(input: ListInput, found: FoundOrders): Html {
  const { filter, start } = input;
  if (start) {
    return html`<div class="empty"><h2>No orders on this page</h2><p>There are none beyond the last one.</p></div>`;
  }
  if (!Object.values(filter).some(Boolean)) {
    return html`<div class="empty"><h2>No orders yet</h2>
<p class="muted">They appear here as soon as a seller’s system uploads them with <code>POST /api/orders/upload</code>.</p></div>`;
  }
  return html`<div class="empty"><h2>No orders match</h2>
<p class="muted">${reason(input, found)}</p>
<p class="actions">${withoutStatus(input, found)}<a class="button" href="/admin/orders">Show all orders</a></p></div>`;
}

function reason({ filter }: ListInput, { lookup }: FoundOrders): Html | string {
  if (lookup.seller === null) {
    return html`There is no seller named “${filter.seller}”. The name must be whole; the search finds sellers by its beginning.`;
  }
  return filter.q
    ? 'Search finds the beginning of an order number or a seller’s name, and whole words of SKUs and item names.'
    : 'No order fits all of the filters.';
}

/** The period's orders of other statuses, if that is all that stands in the way. */
function withoutStatus(input: ListInput, { counts, isCountable, lookup }: FoundOrders) {
  const others = counts.statuses.filter(({ status }) => !lookup.statuses.includes(status));
  const orders = others.reduce((sum, { count }) => sum + (count ?? 0), 0);
  if (!isCountable || !input.filter.statuses || others.length === 0) return false;
  const told = orders > 0 ? `${counts.isExact ? count(orders) : about(orders)} without` : 'Without';
  return html`<a class="button primary" href="${listHref(input, { status: undefined })}">${told} the status</a>`;
}
