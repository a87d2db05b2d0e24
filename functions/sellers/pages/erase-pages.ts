import type { ErasedCounts, Erasure } from '../../../db/sellers/erase.ts';
import type { SellerHoldings } from '../../../db/sellers/find-seller.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { inUnits } from '../../shared/pages/in-units.ts';

export interface ErasePage {
  readonly user: string;
  readonly seller: SellerHoldings;
  /** Whether another name was typed than the seller's. */
  readonly isMistyped?: boolean;
  /** Whether the form before was about another seller, who had the name. */
  readonly isAnother?: boolean;
}

/** Asks before a seller is erased. */
export function erasePage({
  user,
  seller,
  isMistyped = false,
  isAnother = false,
}: ErasePage): Html {
  return html`<div class="narrow">
<h1>Erase this seller?</h1>
${isAnother && html`<p class="field-error" role="alert">The seller whom that form was about is erased, and the name is another seller’s now. Nothing was done. This is who has it.</p>`}
<p class="lead">Everything goes: orders with their items and former versions, receipts, statistics, keys, the note, and the name. Only a backup brings it back. The keys end first: within a minute nothing opens any more. The audit log keeps that it was done, of a number in place of the name.</p>
<form class="card pad form" method="post" action="/admin/erase-seller">
  <dl class="summary">
    <dt>Seller</dt><dd>${user}</dd>
    <dt>Orders</dt><dd>${count(seller.orders_count)} → 0</dd>
    <dt>Revenue</dt><dd>${money(seller.total_revenue)} → 0.00</dd>
    <dt>Keys</dt><dd>${count(seller.keys_count)}, of which ${count(seller.active_keys_count)} ${seller.active_keys_count === 1 ? 'opens' : 'open'} something → 0</dd>
  </dl>
  <div><label for="confirm">The seller’s name, to confirm</label>
    <input id="confirm" name="confirm" required maxlength="${inUnits(50)}" autocomplete="off"${isMistyped && html` aria-invalid="true" aria-describedby="confirm-error"`}>
    ${isMistyped && html`<p class="field-error" id="confirm-error">That is not the seller’s name. Nothing was done.</p>`}</div>
  <input type="hidden" name="user" value="${user}">
  <input type="hidden" name="id" value="${seller.id}">
  <p class="actions"><button class="danger">Erase seller</button>
    <a class="button" href="${sellerAddress(user)}">Cancel</a></p>
</form>
</div>`;
}

/** Says how far it has come, and goes on. */
export function goOnPage({
  user,
  id,
  erased,
}: {
  readonly user: string;
  readonly id: number;
  readonly erased: Erasure & ErasedCounts;
}): Html {
  const { wait_s } = erased;
  return html`<div class="narrow">
<h1>${wait_s === undefined ? 'Erasing is not done yet' : 'Nothing but the name is left'}</h1>
<form class="card pad form" method="post" action="/admin/erase-seller">
  ${deleted(erased)}
  <p>${
    wait_s === undefined
      ? 'The keys have ended. A request deletes for some ten seconds: go on until all is gone.'
      : `In ${counted(wait_s, 'second')} nothing can come any more that an ended key has let in: go on then, and the keys and the name go, too.`
  }</p>
  <input type="hidden" name="user" value="${user}">
  <input type="hidden" name="id" value="${id}">
  <input type="hidden" name="confirm" value="${user}">
  <p class="actions"><button class="danger">Go on</button></p>
</form>
</div>`;
}

export function erasedPage(erased: ErasedCounts): Html {
  return html`<div class="narrow">
<h1>The seller is erased</h1>
<div class="card pad form">
  ${deleted(erased)}
  <p class="actions"><a class="button primary" href="/admin/sellers">All sellers</a></p>
</div>
</div>`;
}

/** What the last request has deleted. */
function deleted(erased: ErasedCounts): Html {
  return html`<p class="hint">Deleted just now:</p><dl class="summary">
    <dt>Orders</dt><dd>${count(erased.orders_deleted)}, with ${counted(erased.items_deleted, 'item')}</dd>
    <dt>Former versions</dt><dd>${count(erased.versions_deleted)}</dd>
    <dt>Receipts</dt><dd>${count(erased.receipts_deleted)}</dd>
    <dt>Keys</dt><dd>${count(erased.keys_deleted)}</dd>
  </dl>`;
}
