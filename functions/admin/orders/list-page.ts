import type { ListedOrder } from '../../../db/admin/listed-order.ts';
import type { Lookup } from '../../../db/admin/lookup.ts';
import type { OrderCounts } from '../../../db/admin/order-counts.ts';
import type { OrderSort } from '../../../db/admin/order-filter.ts';
import type { OrdersPage } from '../../../db/admin/orders-list.ts';
import { orderAddress, sellerAddress } from '../../shared/pages/addresses.ts';
import { statusBadge } from '../../shared/pages/badge.ts';
import { about, count, counted, minute, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { dateNavigation } from './date-navigation.ts';
import { filterForm } from './filter-form.ts';
import { exportHref, type ListInput, listHref } from './input.ts';

export interface FoundOrders {
  readonly page: OrdersPage;
  readonly counts: OrderCounts;
  /** Whether the filter asks only for what is counted. */
  readonly isCountable: boolean;
  readonly lookup: Lookup;
  /** The UTC day on which somebody looks. */
  readonly today: string;
}

export function ordersPage(input: ListInput, found: FoundOrders): Html {
  const { page } = found;
  return html`${head(summary(input, found), page.orders.length > 0 && exportLinks(input, found))}
${filterForm(input)}
${dateNavigation(input, found.counts, found.isCountable, found.today)}
<section class="card" aria-label="Found orders">
${page.orders.length > 0 ? ordersTable(input, page.orders) : emptyState(input, found.lookup)}
${pageLinks(input, page)}
</section>`;
}

/** The form with what is wrong in it. */
export function refusedPage(input: ListInput): Html {
  return html`${head('Something in the filter does not fit.')}
${filterForm(input)}
${
  (input.errors.after ?? input.errors.before) &&
  html`<p class="card pad">${input.errors.after ?? input.errors.before} <a href="${listHref(input)}">First page</a></p>`
}`;
}

function head(text: string, action?: Html | false): Html {
  return html`<div class="head"><div><h1>Orders</h1><p>${text}</p></div>${action}</div>`;
}

/**
 * From how many orders on a file may not hold all: so few fill one if their texts are the longest.
 */
const MANY_FOR_A_FILE = 5_000;

function exportLinks(input: ListInput, { counts }: FoundOrders): Html {
  return html`<div><p class="actions"><a class="button" href="${exportHref(input, 'comma')}" download>Export CSV</a>
<a class="button" href="${exportHref(input, 'semicolon')}" download title="For Excel where numbers have a decimal comma: semicolons between the cells">CSV, decimal comma</a></p>${
    counts.total > MANY_FOR_A_FILE &&
    html`<p class="hint">A file holds some 70,000 orders, fewer with long texts. If that is not all, its name says how many it has.</p>`
  }</div>`;
}

function summary({ start }: ListInput, { page, counts, isCountable }: FoundOrders): string {
  if (isCountable) {
    return counts.isExact ? counted(counts.total, 'order') : `About ${about(counts.total)} orders`;
  }
  if (start) return 'Orders found';
  return page.hasNext
    ? `More than ${count(page.orders.length)} orders found`
    : `${counted(page.orders.length, 'order')} found`;
}

function ordersTable(input: ListInput, orders: readonly ListedOrder[]): Html {
  return html`<table class="orders" role="table">
  <caption class="hidden">Orders, ${CAPTIONS[input.sort]}</caption>
  <thead role="rowgroup"><tr role="row">
    <th scope="col" role="columnheader">Order</th>
    <th scope="col" role="columnheader">Seller</th>
    ${sortHead(input, 'Created (UTC)', 'newest', 'oldest')}
    <th scope="col" role="columnheader">Status</th>
    <th scope="col" role="columnheader" class="num">Items</th>
    ${sortHead(input, 'Total', 'highest', 'lowest', 'num')}
  </tr></thead>
  <tbody role="rowgroup">${orders.map(orderRow)}</tbody>
</table>`;
}

const CAPTIONS: Record<OrderSort, string> = {
  newest: 'newest first',
  oldest: 'oldest first',
  highest: 'highest total first',
  lowest: 'lowest total first',
};

function sortHead(input: ListInput, text: string, down: OrderSort, up: OrderSort, kind = ''): Html {
  const isDown = input.sort === down;
  const isSorted = isDown || input.sort === up;
  const target = isDown ? up : down;
  const direction = isDown ? 'descending' : 'ascending';
  return html`<th scope="col" role="columnheader" class="${kind}"${isSorted && html` aria-sort="${direction}"`}>
    <a href="${listHref(input, { sort: target })}">${text}<span aria-hidden="true" class="sort">${isSorted ? (isDown ? '↓' : '↑') : '↕'}</span></a></th>`;
}

function orderRow(order: ListedOrder): Html {
  return html`<tr role="row">
  <th scope="row" role="rowheader"><a href="${orderAddress(order.order_number)}">${order.order_number}</a></th>
  <td role="cell" class="seller"><a href="${sellerAddress(order.seller)}">${order.seller}</a></td>
  <td role="cell" class="created"><time datetime="${order.created_at.replace(' ', 'T')}Z">${minute(order.created_at)}</time></td>
  <td role="cell" class="status">${statusBadge(order.status)}</td>
  <td role="cell" class="num items">${count(order.items_count)}<span class="unit"> ${order.items_count === 1 ? 'item' : 'items'}</span></td>
  <td role="cell" class="num total">${money(order.total_amount)}</td>
</tr>`;
}

function pageLinks(input: ListInput, { orders, hasPrevious, hasNext }: OrdersPage): Html | false {
  const [first, last] = [orders.at(0), orders.at(-1)];
  if (!hasPrevious && !hasNext) return false;
  return html`<nav class="pages" aria-label="Pages">
  ${hasPrevious && html`<a class="button" href="${listHref(input)}">First page</a>`}
  ${hasPrevious && first && html`<a class="button" rel="prev" href="${listHref(input, { before: first.key })}">← Previous</a>`}
  ${hasNext && last && html`<a class="button next" rel="next" href="${listHref(input, { after: last.key })}">Next →</a>`}
</nav>`;
}

function emptyState({ filter, start }: ListInput, { seller }: Lookup): Html {
  if (start) {
    return html`<div class="empty"><h2>No orders on this page</h2><p>There are none beyond the last one.</p></div>`;
  }
  if (!Object.values(filter).some(Boolean)) {
    return html`<div class="empty"><h2>No orders yet</h2>
<p class="muted">They appear here as soon as a seller’s system uploads them with <code>POST /api/orders/upload</code>.</p></div>`;
  }
  return html`<div class="empty"><h2>No orders match</h2>
<p class="muted">${
    seller === null
      ? html`There is no seller named “${filter.seller}”. The name must be whole; the search finds sellers by its beginning.`
      : filter.q
        ? 'Search finds the beginning of an order number or a seller’s name, and whole words of SKUs and item names.'
        : 'No order fits all of the filters.'
  }</p>
<p class="actions"><a class="button" href="/admin/orders">Show all orders</a></p></div>`;
}
