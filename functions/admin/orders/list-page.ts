import type { ListedOrder } from '../../../db/admin/orders-list.ts';
import { count, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

export function ordersPage(orders: readonly ListedOrder[]): Html {
  return html`<div class="head"><h1>Orders</h1></div>
<div class="card"><div class="scroll">
<table>
  <caption class="hidden">Orders, newest first</caption>
  <thead><tr>
    <th scope="col">Order</th><th scope="col">Seller</th><th scope="col">Created (UTC)</th>
    <th scope="col">Status</th><th scope="col" class="num">Items</th><th scope="col" class="num">Total</th>
  </tr></thead>
  <tbody>${orders.map(
    (order) => html`<tr>
    <th scope="row">${order.order_number}</th>
    <td>${order.seller}</td>
    <td><time datetime="${order.created_at}">${order.created_at}</time></td>
    <td><span class="badge">${order.status}</span></td>
    <td class="num">${count(order.items_count)}</td>
    <td class="num">${money(order.total_amount)}</td>
  </tr>`,
  )}</tbody>
</table>
</div></div>`;
}
