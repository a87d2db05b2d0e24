import type { ListedOrder } from '../../../db/admin/listed-order.ts';
import type { OrderCounts } from '../../../db/admin/order-counts.ts';
import { END_KEYS, type OrderSort } from '../../../db/admin/order-filter.ts';
import type { OrdersPage } from '../../../db/admin/orders-list.ts';
import { orderAddress, sellerAddress } from '../../shared/pages/addresses.ts';
import { linkedBadge } from '../../shared/pages/badge.ts';
import { about, count, counted, minute, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { dateNavigation } from './date-navigation.ts';
import { exportForm } from './export/form.ts';
import { filterForm } from './filter-form.ts';
import type { FoundOrders } from './found-orders.ts';
import { type ListInput, listHref } from './input.ts';
import { nothingFound } from './nothing-found.ts';
import { searchNotes } from './search-notes.ts';
import { offeredStatuses } from './status-field.ts';

export const ORDERS_A_PAGE = 50;

export function ordersPage(input: ListInput, found: FoundOrders): Html {
  const { page } = found;
  return html`${head(summary(input, found), page.orders.length > 0 && exportForm(input, found))}
${filterForm(input, offeredStatuses(found.counts, found.isCountable))}
${dateNavigation(input, found.counts, found.isCountable, found.today)}
${searchNotes(input, found)}
<section class="card" aria-label="Found orders">
${page.orders.length > 0 ? ordersTable(input, page.orders) : nothingFound(input, found)}
${page.hasNext && html`<p class="on-paper">These are ${input.start ? '' : 'the first '}${count(page.orders.length)} orders; there are more after them.</p>`}
${pageLinks(input, found)}
</section>`;
}

/** The form with what is wrong in it. */
export function refusedPage(input: ListInput): Html {
  const { after, before, at, unknown } = input.errors;
  const elsewhere = [unknown, after, before, at].filter((error) => error !== undefined);
  return html`${head('Something in the filter does not fit.')}
${filterForm(input, [])}
${elsewhere.map((error) => html`<p class="card pad">${error} <a href="${listHref(input)}">First page</a></p>`)}`;
}

function head(text: string, action?: Html | false): Html {
  return html`<div class="head"><div><h1>Orders</h1><p>${text}</p></div>${action}</div>`;
}

function summary(input: ListInput, { page, counts, isCountable }: FoundOrders): string {
  if (isCountable) {
    if (!counts.isExact) return `About ${about(counts.total)} orders`;
    const { revenue = '' } = counts;
    return `${placesOf(input, page, counts)}${counted(counts.total, 'order')} · ${money(revenue)}`;
  }
  if (input.start || page.lookedTo) return 'Orders found';
  return page.hasNext
    ? `More than ${count(page.orders.length)} orders found`
    : `${counted(page.orders.length, 'order')} found`;
}

/** `51–100 of `, where the page is one of several and its place is known. */
function placesOf(input: ListInput, { orders }: OrdersPage, counts: OrderCounts): string {
  const at = placeOf(input, orders.length, counts);
  if (at === undefined || orders.length === 0 || orders.length >= counts.total) return '';
  return `${count(at)}–${count(at + orders.length - 1)} of `;
}

/** Which of all orders the page's first one is. */
function placeOf({ start, sort, at }: ListInput, shown: number, counts: OrderCounts) {
  if (start?.key !== END_KEYS[sort]) return at;
  return counts.isExact ? counts.total - shown + 1 : undefined;
}

function ordersTable(input: ListInput, orders: readonly ListedOrder[]): Html {
  return html`<table class="orders" role="table">
  <caption class="hidden">Orders, ${CAPTIONS[input.sort]}</caption>
  <thead role="rowgroup"><tr role="row">
    <th scope="col" role="columnheader">Order</th>
    <th scope="col" role="columnheader">Seller</th>
    ${sortHead(input, 'Created (UTC)', 'newest', 'oldest')}
    ${sortHead(input, 'Changed', 'changed', 'unchanged')}
    <th scope="col" role="columnheader">Status</th>
    <th scope="col" role="columnheader" class="num">Items</th>
    ${sortHead(input, 'Total', 'highest', 'lowest', 'num')}
  </tr></thead>
  <tbody role="rowgroup">${orders.map((order) => orderRow(input, order))}</tbody>
</table>`;
}

const CAPTIONS: Record<OrderSort, string> = {
  newest: 'newest first',
  oldest: 'oldest first',
  highest: 'highest total first',
  lowest: 'lowest total first',
  changed: 'last changed first',
  unchanged: 'longest unchanged first',
};

function sortHead(input: ListInput, text: string, down: OrderSort, up: OrderSort, kind = ''): Html {
  const isDown = input.sort === down;
  const isSorted = isDown || input.sort === up;
  const target = isDown ? up : down;
  const direction = isDown ? 'descending' : 'ascending';
  return html`<th scope="col" role="columnheader" class="${kind}"${isSorted && html` aria-sort="${direction}"`}>
    <a href="${listHref(input, { sort: target })}">${text}<span aria-hidden="true" class="sort">${isSorted ? (isDown ? '↓' : '↑') : '↕'}</span></a></th>`;
}

function orderRow(input: ListInput, order: ListedOrder): Html {
  return html`<tr role="row">
  <th scope="row" role="rowheader"><a href="${orderAddress(order.order_number)}">${order.order_number}</a></th>
  <td role="cell" class="seller"><a href="${sellerAddress(order.seller)}">${order.seller}</a></td>
  <td role="cell" class="created"><time datetime="${order.created_at.replace(' ', 'T')}Z">${minute(order.created_at)}</time></td>
  <td role="cell" class="changed"><span class="unit">changed </span><time datetime="${order.last_changed_at.replace(' ', 'T')}Z">${minute(order.last_changed_at)}</time></td>
  <td role="cell" class="status">${linkedBadge(order.status, listHref(input, { status: [order.status] }))}</td>
  <td role="cell" class="num items">${count(order.items_count)}<span class="unit"> ${order.items_count === 1 ? 'item' : 'items'}</span></td>
  <td role="cell" class="num total">${money(order.total_amount)}</td>
</tr>`;
}

function pageLinks(input: ListInput, { page, counts, isCountable }: FoundOrders): Html | false {
  const { orders, hasPrevious, hasNext, lookedTo } = page;
  const isBackwards = input.start?.side === 'before';
  const before = (isBackwards && lookedTo) || orders.at(0)?.key;
  const after = (!isBackwards && lookedTo) || orders.at(-1)?.key;
  if (!hasPrevious && !hasNext) return false;
  const place = isCountable ? placeOf(input, orders.length, counts) : undefined;
  const at = (moved: number) =>
    place === undefined ? undefined : String(Math.max(1, place + moved));
  return html`<nav class="pages" aria-label="Pages">
  ${hasPrevious && html`<a class="button" href="${listHref(input)}">First page</a>`}
  ${hasPrevious && before && html`<a class="button" rel="prev" href="${listHref(input, { before, at: at(-ORDERS_A_PAGE) })}">← Previous</a>`}
  ${hasNext && after && html`<a class="button next" rel="next" href="${listHref(input, { after, at: at(orders.length) })}">Next →</a>`}
  ${hasNext && html`<a class="button" href="${listHref(input, { before: END_KEYS[input.sort] })}">Last page</a>`}
</nav>`;
}
