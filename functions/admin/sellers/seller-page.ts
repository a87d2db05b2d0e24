import type { KeyStory } from '../../../db/admin/key-stories.ts';
import type { ListedOrder } from '../../../db/admin/listed-order.ts';
import { MAX_STATUSES, type SellerFigures } from '../../../db/admin/seller.ts';
import { orderAddress, ordersAddress, uploadsOf } from '../../shared/pages/addresses.ts';
import { linkedBadge } from '../../shared/pages/badge.ts';
import { count, counted, minute, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { statusesCard } from '../statuses-card.ts';
import { daysCard } from './days-card.ts';
import { keysCard } from './keys-card.ts';

export interface SellerPage {
  readonly seller: SellerFigures;
  /** How many days the chart covers, and how many it may. */
  readonly period: number;
  readonly periods: readonly number[];
  readonly lastOrders: readonly ListedOrder[];
  readonly keys: readonly KeyStory[] | undefined;
}

export function sellerPage({ seller, period, periods, lastOrders, keys = [] }: SellerPage): Html {
  const { username, first_day, last_day, until } = seller;
  return html`<nav class="crumbs" aria-label="Where you are"><a href="/admin/sellers">Sellers</a> › Seller</nav>
<div class="head"><h1>${username}</h1>${
    first_day && html`<p>Orders from <time>${first_day}</time> to <time>${last_day}</time></p>`
  }</div>
<dl class="figures">
  <div><dt>Orders</dt><dd>${count(seller.orders_count)}</dd></div>
  <div><dt>Revenue</dt><dd>${money(seller.total_revenue)}</dd></div>
  <div><dt>Average order</dt><dd>${money(seller.avg_order_value)}</dd></div>
</dl>
${noteCard(seller)}
${
  until === null
    ? html`<div class="card empty"><h2>No orders yet</h2><p class="muted">What this seller uploads appears here at once.
<a href="${uploadsOf(username)}">Uploads and refusals</a></p></div>`
    : html`${daysCard({ seller, until, period, periods })}
${ofStatuses(seller)}
${lastOrdersCard(lastOrders, username)}`
}
${keysCard(keys, username)}
<p class="actions"><a class="button" href="/admin/erase-seller?name=${encodeURIComponent(username)}">Erase this seller</a></p>`;
}

function noteCard({ username, note }: SellerFigures): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Note</h2>
    <a class="button" href="/admin/actions/seller-note?name=${encodeURIComponent(username)}">Change note</a></div>
  <p class="pad note${!note && ' muted'}">${note || 'Whom to call, when uploads come: nothing is noted yet.'}</p>
</section>`;
}

function ofStatuses(seller: SellerFigures): Html {
  const { username, statuses } = seller;
  const href = (status: string) => ordersAddress({ seller: username, status });
  return statusesCard({ statuses, most: MAX_STATUSES, all: seller, href });
}

function lastOrdersCard(orders: readonly ListedOrder[], username: string): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Last orders</h2>
    <span><a href="/admin/orders?seller=${encodeURIComponent(username)}">All orders</a> · <a href="${uploadsOf(username)}">Uploads and refusals</a></span></div>
  <table class="orders" role="table">
    <caption class="hidden">The last ${counted(orders.length, 'order')}, newest first</caption>
    <thead role="rowgroup"><tr role="row">
      <th scope="col" role="columnheader">Order</th>
      <th scope="col" role="columnheader">Created (UTC)</th>
      <th scope="col" role="columnheader">Status</th>
      <th scope="col" role="columnheader" class="num">Items</th>
      <th scope="col" role="columnheader" class="num">Total</th>
    </tr></thead>
    <tbody role="rowgroup">${orders.map(
      (order) => html`<tr role="row">
      <th scope="row" role="rowheader"><a href="${orderAddress(order.order_number)}">${order.order_number}</a></th>
      <td role="cell" class="created"><time>${minute(order.created_at)}</time></td>
      <td role="cell" class="status">${linkedBadge(order.status, ordersAddress({ seller: username, status: order.status }))}</td>
      <td role="cell" class="num items">${count(order.items_count)}<span class="unit"> ${order.items_count === 1 ? 'item' : 'items'}</span></td>
      <td role="cell" class="num total">${money(order.total_amount)}</td>
    </tr>`,
    )}</tbody>
  </table>
</section>`;
}
