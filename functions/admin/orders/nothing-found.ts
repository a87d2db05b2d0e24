import { isPart, ordersAnywhere } from '../../../db/admin/lookup.ts';
import { SELLERS_TOLD } from '../../../db/admin/nearest-words.ts';
import { MAX_STATUSES, type OrderCounts } from '../../../db/admin/order-counts.ts';
import type { OrderFilter } from '../../../db/admin/order-filter.ts';
import { mayBePart, NUMBERS_LOOKED_AT } from '../../../db/admin/search.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
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
<p class="actions">${nearest(input, found)}${withoutOthers(input, found)}${withoutStatus(input, found)}<a class="button" href="/admin/orders">Show all orders</a></p></div>`;
}

function reason({ filter }: ListInput, found: FoundOrders): Html | string {
  const { lookup, anywhere = lookup, missing = [], sellers = [] } = found;
  if (lookup.seller === null) {
    return html`There is no seller named “${filter.seller}”. The name must be whole; the search finds sellers by its beginning.`;
  }
  if (!filter.q) return 'No order fits all of the filters.';
  if (ordersAnywhere(lookup) !== 0 || ordersAnywhere(anywhere) !== 0) {
    return isPart(lookup)
      ? 'What is searched for is there; of what was looked at, the other filters leave none.'
      : 'What is searched for is there, but the other filters leave none of it.';
  }
  const lookedAt = anywhere.ordersByPart.isPart && ' that was looked at';
  if (lookup.key) return html`No order${lookedAt} has it, since it is a key.`;
  if (anywhere.ordersByWords.isPart) return 'None of the items that were looked at has all of it.';
  if (sellers.length > 0) {
    return html`No order${lookedAt} has it. Sellers who are called so have no orders: ${namesOf(sellers, filter.q)}.`;
  }
  if (missing.length === 0) {
    return html`Each of the words is there, but no number, seller or item${lookedAt} has all of them.`;
  }
  const mayBeOlder = missing.some(({ phrase }) => mayBePart(phrase));
  return html`Nothing${mayBeOlder && lookedAt} has ${missing.map(({ phrase }, i) => html`${i > 0 && ' or '}“${phrase}”`)}. Search finds beginnings of order numbers,
sellers’ names and the words of items (from three characters on), whole SKUs, and other parts of numbers in the ${count(NUMBERS_LOOKED_AT)} newest orders.`;
}

function namesOf(sellers: readonly string[], q: string): Html {
  const others = `/admin/sellers?${new URLSearchParams({ q })}`;
  return html`${sellers.slice(0, SELLERS_TOLD).map((name, i) => html`${i > 0 && ', '}<a href="${sellerAddress(name)}">${name}</a>`)}${
    sellers.length > SELLERS_TOLD && html` and <a href="${others}">others</a>`
  }`;
}

/** The same search with what may have been meant. */
function nearest(input: ListInput, { lookup, missing = [] }: FoundOrders): Html[] {
  const seller = lookup.seller === null ? undefined : input.filter.seller;
  return missing.flatMap(({ nearest: word }) =>
    word === undefined
      ? []
      : html`<a class="button primary" href="${listHref(input, { q: word, seller })}">Search for “${word}”</a>`,
  );
}

/** What is found with fewer filters: parts of old orders' numbers by seller and dates alone. */
function withoutOthers({ filter, sort }: ListInput, { lookup, anywhere = lookup }: FoundOrders) {
  const { q, seller, firstDay, lastDay, ...rest } = filter;
  const place = { seller, firstDay, lastDay };
  if (!q || !Object.values({ ...place, ...rest }).some(Boolean)) return false;
  const link = (orders: number | 'many', kept: OrderFilter, text: string) =>
    html`<a class="button primary" href="${listHref({ filter: kept, sort })}">${orders === 'many' ? 'Those' : count(orders)} ${text}</a>`;
  const [all, near] = [ordersAnywhere(anywhere), ordersAnywhere(lookup)];
  if (all !== 0) return link(all, { q }, 'without the other filters');
  return near !== 0 && link(near, { q, ...place }, 'with the seller and dates alone');
}

/** The period's orders of other statuses, if that is all that stands in the way. */
function withoutStatus(input: ListInput, { counts, isCountable, lookup }: FoundOrders) {
  const others = counts.statuses.filter(({ status }) => !lookup.statuses.includes(status));
  const orders = others.reduce((sum, { count }) => sum + (count ?? 0), 0);
  if (!isCountable || !input.filter.statuses || others.length === 0) return false;
  const told = orders > 0 ? `${countText(orders, counts)} without` : 'Without';
  return html`<a class="button primary" href="${listHref(input, { status: undefined })}">${told} the status</a>`;
}

/** The sum of the statuses that are told, which may not be all. */
function countText(orders: number, { isExact, statuses }: OrderCounts): string {
  if (!isExact) return `About ${about(orders)}`;
  return statuses.length < MAX_STATUSES ? count(orders) : `At least ${count(orders)}`;
}
