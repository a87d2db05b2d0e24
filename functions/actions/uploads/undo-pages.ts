import {
  MAX_NAMED,
  type PlannedOrder,
  type UndoPreview,
} from '../../../db/actions/undo-preview.ts';
import type { UndoOutcome } from '../../../db/amend/undo-upload.ts';
import { sellerAddress, uploadAddress } from '../../shared/pages/addresses.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
import { sellerSums } from '../seller-sums.ts';

export interface UndoPage {
  readonly id: string;
  readonly upload: UndoPreview;
  /** The form's own. */
  readonly token: string;
  /** Why it asks again. @default it asks for the first time */
  readonly notice?: Html | undefined;
}

const NAMES = { upload: 'upload', delete: 'deletion', undo: 'undoing' } as const;

/** Asks before an upload, a deletion or an undoing is taken back. */
export function undoPage({ id, upload, token, notice }: UndoPage): Html {
  const what = NAMES[upload.kind];
  const canBe = canBeUndone(upload);
  return html`<h1>Undo this ${what}?</h1>
${notice}
<p class="lead">${whatComes(upload, what)}</p>
<form class="card pad form" method="post" action="/admin/actions/undo-upload">
  <dl class="summary">
    <dt>Seller</dt><dd>${upload.seller}</dd>
    <dt>Done (UTC)</dt><dd><time>${upload.created_at}</time></dd>
    <dt>Restored</dt><dd>${counted(upload.orders_restored, 'order')}</dd>
    <dt>Deleted</dt><dd>${counted(upload.orders_removed, 'order')}</dd>
    <dt>There again</dt><dd>${counted(upload.orders_recreated, 'order')}</dd>
    <dt>Left alone</dt><dd>${counted(upload.orders_left_alone, 'order')}</dd>
    ${canBe && sellerSums(upload)}
  </dl>
  ${
    canBe &&
    html`<input type="hidden" name="id" value="${id}">
  <input type="hidden" name="seller" value="${upload.seller}">
  <input type="hidden" name="seen" value="${upload.fingerprint}">
  <input type="hidden" name="token" value="${token}">`
  }
  <p class="actions">${canBe && html`<button class="danger">Undo ${what}</button>`}
    <a class="button" href="${uploadAddress(id)}">${canBe ? 'Cancel' : 'Back'}</a></p>
</form>
${
  upload.orders.length > 0 &&
  html`<section class="card"><h2>Orders</h2>${scrollable('Orders', ordersTable(upload.orders))}${
    upload.orders.length === MAX_NAMED &&
    html`<p class="pad muted">These are ${MAX_NAMED}, and perhaps not all.</p>`
  }</section>`
}`;
}

/** Whether something is there of what it did. */
export function canBeUndone(upload: UndoPreview): boolean {
  const changes = upload.orders_restored + upload.orders_removed + upload.orders_recreated;
  return changes > 0 && !upload.is_too_old;
}

function whatComes(upload: UndoPreview, what: string): string {
  if (upload.is_too_old) {
    return `What the orders were before this ${what} is no longer kept: it cannot be undone.`;
  }
  return canBeUndone(upload)
    ? 'Orders are restored to what they were before it; those that it made are deleted, and those that it deleted are there again. What a later request has changed is left alone. The seller’s systems see among their changes what is done. It can be undone itself.'
    : `Nothing is left of this ${what} that could be undone.`;
}

const ACTIONS: Readonly<Record<PlannedOrder['action'], string>> = {
  restore: 'restored',
  remove: 'deleted',
  recreate: 'there again',
  leave: 'left alone',
};

function ordersTable(orders: readonly PlannedOrder[]): Html {
  return cardTable<PlannedOrder>(
    'What would become of each order',
    [
      { head: 'Order', cell: ({ order_number }) => order_number },
      { head: 'What', cell: ({ action }) => ACTIONS[action] },
      {
        head: 'Status',
        kind: 'text',
        cell: ({ status_before, status_after }) => change(status_before, status_after),
      },
      {
        head: 'Total',
        kind: 'num',
        cell: ({ amount_before, amount_after }) =>
          change(amount_before && money(amount_before), amount_after && money(amount_after)),
      },
    ],
    orders,
  );
}

function change(before: string | null, after: string | null): string {
  return before === after ? (before ?? '–') : `${before ?? '–'} → ${after ?? '–'}`;
}

export function undonePage({
  id,
  seller,
  outcome,
}: {
  readonly id: string;
  readonly seller: string;
  readonly outcome: UndoOutcome;
}): Html {
  return html`<div class="narrow">
<h1>It is undone</h1>
<div class="card pad form">
  <dl class="summary">
    <dt>Restored</dt><dd>${count(outcome.orders_restored)}</dd>
    <dt>Deleted</dt><dd>${count(outcome.orders_removed)}</dd>
    <dt>There again</dt><dd>${count(outcome.orders_recreated)}</dd>
    <dt>Left alone</dt><dd>${count(outcome.orders_left_alone)}</dd>
  </dl>
  <p class="actions"><a class="button primary" href="${uploadAddress(outcome.upload_id ?? id)}">The receipt</a>
    <a class="button" href="${sellerAddress(seller)}">The seller</a></p>
</div>
</div>`;
}
