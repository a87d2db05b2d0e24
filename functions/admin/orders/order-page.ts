import type { OrderDetails, OrderLine } from '../../../db/admin/order.ts';
import type { OrderHistory } from '../../../db/admin/order-history.ts';
import { orderAddress, ordersAddress, sellerAddress } from '../../shared/pages/addresses.ts';
import { linkedBadge } from '../../shared/pages/badge.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { historyCard } from './history-card.ts';

/** Lines of the longest texts fill less than the Data API's 1 MiB for a result. */
export const LINES_A_PAGE = 500;

/** All of an order, with its items from one line on. */
export function orderPage(
  order: OrderDetails,
  lines: readonly OrderLine[],
  afterLine: number,
  history: OrderHistory | undefined,
): Html {
  return html`<nav class="crumbs" aria-label="Where you are"><a href="/admin/orders">Orders</a> › <a href="${sellerAddress(order.seller)}">${order.seller}</a></nav>
<div class="head">
  <h1>${order.order_number}</h1>
  ${neighbours(order)}
</div>
<section class="card pad" aria-labelledby="facts">
  <h2 id="facts" class="hidden">The order</h2>
  <dl class="facts">
    ${fact('Seller', html`<a href="${sellerAddress(order.seller)}">${order.seller}</a>`)}
    ${fact('Created', instant(order.created_at))}
    ${fact('Status', linkedBadge(order.status, ordersAddress({ status: order.status })))}
    ${fact('Total', html`<strong class="figure">${money(order.total_amount)}</strong>`)}
    ${fact('First uploaded', instant(order.first_uploaded_at))}
    ${fact('Last changed', order.is_changed ? instant(order.last_changed_at) : 'Never since')}
  </dl>
</section>
<section class="card" aria-labelledby="items">
  <h2 id="items">Items</h2>
  ${order.items_count > 0 ? itemsTable(order, lines) : html`<p class="empty muted">This order has no items.</p>`}
  ${moreLines(order, lines, afterLine)}
</section>
${history && historyCard(history)}`;
}

function neighbours({ order_number, previous_number, next_number }: OrderDetails): Html {
  return html`<nav class="actions" aria-label="From this order">
    ${previous_number !== null && html`<a class="button" rel="prev" href="${orderAddress(previous_number)}">← Previous of this seller</a>`}
    ${next_number !== null && html`<a class="button" rel="next" href="${orderAddress(next_number)}">Next of this seller →</a>`}
    <a class="button" href="/admin/actions/delete-order?number=${encodeURIComponent(order_number)}">Delete</a>
  </nav>`;
}

function fact(term: string, value: Html | string): Html {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}

function instant(text: string): Html {
  return html`<time datetime="${text.replace(' ', 'T')}Z">${text.slice(0, 16)}</time> <span class="muted">UTC</span>`;
}

function itemsTable(order: OrderDetails, lines: readonly OrderLine[]): Html {
  const differs = Number(order.difference) !== 0;
  return html`<table class="lines" role="table">
  <caption class="hidden">Items of order ${order.order_number}</caption>
  <thead role="rowgroup"><tr role="row">
    <th scope="col" role="columnheader">SKU</th><th scope="col" role="columnheader">Name</th>
    <th scope="col" role="columnheader" class="num">Quantity</th><th scope="col" role="columnheader" class="num">Price</th>
    <th scope="col" role="columnheader" class="num">Sum</th>
  </tr></thead>
  <tbody role="rowgroup">${lines.map(
    (line) => html`<tr role="row">
    <td role="cell" class="sku"><code>${line.sku}</code></td>
    <td role="cell" class="name">${line.name}</td>
    <td role="cell" class="num quantity">${count(line.quantity)}</td>
    <td role="cell" class="num price">${money(line.price)}</td>
    <td role="cell" class="num sum">${money(line.line_amount)}</td>
  </tr>`,
  )}</tbody>
  <tfoot role="rowgroup">
    ${footer(`Sum of ${counted(order.items_count, 'item')}`, order.items_amount)}
    ${footer('Total of the order', order.total_amount, 'strong')}
    ${differs && footer(differenceName(order), order.difference, 'difference')}
  </tfoot>
</table>`;
}

function differenceName({ difference }: OrderDetails): string {
  return difference.startsWith('-')
    ? 'Difference: the total is less than the items, as with a discount'
    : 'Difference: the total is more than the items, as with delivery';
}

function footer(text: string, amount: string, kind = ''): Html {
  return html`<tr role="row" class="${kind}"><th scope="row" role="rowheader" colspan="4">${text}</th><td role="cell" class="num">${money(amount)}</td></tr>`;
}

function moreLines(
  order: OrderDetails,
  lines: readonly OrderLine[],
  afterLine: number,
): Html | false {
  const last = lines.at(-1)?.line_no ?? afterLine;
  const hasMore = last < order.items_count;
  if (afterLine === 0 && !hasMore) return false;
  const href = (line: number) => {
    const base = orderAddress(order.order_number);
    return line === 0 ? base : `${base}${base.includes('?') ? '&' : '?'}after_line=${line}`;
  };
  return html`<nav class="pages" aria-label="Items">
  <span class="muted">${lines.length > 0 ? html`Items ${count(afterLine + 1)} to ${count(last)} of ${count(order.items_count)}` : html`It has ${counted(order.items_count, 'item')} by now`}</span>
  ${afterLine > 0 && html`<a class="button" href="${href(Math.max(0, afterLine - LINES_A_PAGE))}">← Previous items</a>`}
  ${hasMore && html`<a class="button next" href="${href(last)}">Next items →</a>`}
</nav>`;
}
