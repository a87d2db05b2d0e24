import type { DeletionPreview } from '../../../db/actions/deletion-preview.ts';
import { orderAddress, sellerAddress, uploadAddress } from '../../shared/pages/addresses.ts';
import { statusBadge } from '../../shared/pages/badge.ts';
import { count, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { sellerSums } from '../seller-sums.ts';

export interface DeletionPage {
  readonly order: DeletionPreview;
  /** The form's own. */
  readonly token: string;
  /** Why it asks again. @default it asks for the first time */
  readonly notice?: Html;
}

/** Asks before an order is deleted. */
export function deletionPage({ order, token, notice }: DeletionPage): Html {
  return html`<div class="narrow">
<h1>Delete this order?</h1>
${notice}
<p class="lead">The order goes with its items, and out of the seller’s figures. The seller’s systems see that among their changes. What it was is kept for a while: until then its deletion can be undone.</p>
<form class="card pad form" method="post" action="/admin/actions/delete-order">
  <dl class="summary">
    <dt>Order</dt><dd>${order.order_number}</dd>
    <dt>Seller</dt><dd>${order.seller}</dd>
    <dt>Created</dt><dd><time>${order.created_at}</time> UTC</dd>
    <dt>Status</dt><dd>${statusBadge(order.status)}</dd>
    <dt>Items</dt><dd>${count(order.items_count)}</dd>
    <dt>Total</dt><dd>${money(order.total_amount)}</dd>
    ${sellerSums(order)}
  </dl>
  <input type="hidden" name="number" value="${order.order_number}">
  <input type="hidden" name="seller" value="${order.seller}">
  <input type="hidden" name="id" value="${order.id}">
  <input type="hidden" name="version" value="${order.version}">
  <input type="hidden" name="token" value="${token}">
  <p class="actions"><button class="danger">Delete order</button>
    <a class="button" href="${orderAddress(order.order_number)}">Cancel</a></p>
</form>
</div>`;
}

export function deletedPage({
  number,
  seller,
  uploadId,
}: {
  readonly number: string;
  readonly seller: string;
  readonly uploadId: string;
}): Html {
  return html`<div class="narrow">
<h1>The order is deleted</h1>
<div class="card pad form">
  <p>${number} of ${seller} is gone, with its items. The <a href="${uploadAddress(uploadId)}">receipt</a> says so; there the deletion can be undone.</p>
  <p class="actions"><a class="button primary" href="${sellerAddress(seller)}">Back to the seller</a></p>
</div>
</div>`;
}
