import type { SellerSums } from '../../db/actions/seller-sums.ts';
import { count, money } from '../shared/pages/format.ts';
import { type Html, html } from '../shared/pages/html.ts';

/** What becomes of a seller's figures, as rows of a summary. */
export function sellerSums(sums: SellerSums): Html {
  return html`<dt>The seller’s orders</dt><dd>${count(sums.orders_before)} → ${count(sums.orders_after)}</dd>
    <dt>The seller’s revenue</dt><dd>${money(sums.revenue_before)} → ${money(sums.revenue_after)}</dd>`;
}
