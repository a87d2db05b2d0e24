import { type Lookup, ordersAnywhere } from '../../../db/admin/lookup.ts';
import { about, count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { FoundOrders } from './found-orders.ts';
import { type ListInput, listHref } from './input.ts';

/** Why a list is empty, and the nearest that would not be. */
export function nothingFound(input: ListInput, found: FoundOrders): Html {
  const { filter, start } = input;
  if (found.page.lookedTo) {
    return html`<div class="empty"><h2>Nothing found so far</h2><p class="muted">None of the orders that were looked at has it; there are more.</p></div>`;
  }
  if (start) {
    return html`<div class="empty"><h2>No orders on this page</h2><p>There are none beyond the last one.</p></div>`;
  }
  if (!Object.values(filter).some(Boolean)) {
    return html`<div class="empty"><h2>No orders yet</h2>
<p class="muted">They appear here as soon as a seller’s system uploads them with <code>POST /api/orders/upload</code>.</p></div>`;
  }
  return html`<div class="empty"><h2>No orders match</h2>
<p class="muted">${reason(input, found)}</p>
<p class="actions">${nearest(input, found)}${withoutOthers(input, found.lookup)}${withoutStatus(input, found)}<a class="button" href="/admin/orders">Show all orders</a></p></div>`;
}

function reason({ filter }: ListInput, { lookup, missing = [] }: FoundOrders): Html | string {
  if (lookup.seller === null) {
    return html`There is no seller named “${filter.seller}”. The name must be whole; the search finds sellers by its beginning.`;
  }
  if (!filter.q) return 'No order fits all of the filters.';
  if (ordersAnywhere(lookup) !== 0)
    return 'What is searched for is there, but the other filters leave none of it.';
  if (lookup.key) return 'No order has it, since it is a key.';
  if (lookup.ordersByWords.isPart) return 'None of the items that were looked at has all of it.';
  if (missing.length === 0) return 'Each of the words is there, but no item has all of them.';
  return html`Nothing has ${missing.map(({ phrase }, i) => html`${i > 0 && ' or '}“${phrase}”`)}. Search finds beginnings of order numbers,
sellers’ names and the words of items (from three characters on), whole SKUs, and other parts of new orders’ numbers.`;
}

/** The same search with what may have been meant. */
function nearest(input: ListInput, { missing = [] }: FoundOrders): Html[] {
  return missing.flatMap(({ nearest: word }) =>
    word === undefined
      ? []
      : html`<a class="button primary" href="${listHref(input, { q: word })}">Search for “${word}”</a>`,
  );
}

function withoutOthers({ filter: { q, ...others }, sort }: ListInput, lookup: Lookup) {
  const orders = ordersAnywhere(lookup);
  if (!q || orders === 0 || !Object.values(others).some(Boolean)) return false;
  const told = orders === 'many' ? 'Those' : count(orders);
  return html`<a class="button primary" href="${listHref({ filter: { q }, sort })}">${told} without the other filters</a>`;
}

/** The period's orders of other statuses, if that is all that stands in the way. */
function withoutStatus(input: ListInput, { counts, isCountable, lookup }: FoundOrders) {
  const others = counts.statuses.filter(({ status }) => !lookup.statuses.includes(status));
  const orders = others.reduce((sum, { count }) => sum + (count ?? 0), 0);
  if (!isCountable || !input.filter.statuses || others.length === 0) return false;
  const told = orders > 0 ? `${counts.isExact ? count(orders) : about(orders)} without` : 'Without';
  return html`<a class="button primary" href="${listHref(input, { status: undefined })}">${told} the status</a>`;
}
