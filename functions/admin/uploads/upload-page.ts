import {
  MAX_NAMED,
  type NamedOrder,
  type UploadDetails,
  type UploadedOrder,
} from '../../../db/admin/upload.ts';
import { PERSONS_KEY } from '../../../db/amend/receipt.ts';
import {
  orderAddress,
  sellerAddress,
  uploadAddress,
  uploadsOf,
} from '../../shared/pages/addresses.ts';
import { count, counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { KINDS } from './uploads-table.ts';

/** One receipt: what a request changed, and what has become of that. */
export function uploadPage(upload: UploadDetails): Html {
  const { seller, undoes, undone_by } = upload;
  const changed = upload.orders_created + upload.orders_updated + upload.orders_deleted;
  return html`<nav class="crumbs" aria-label="Where you are"><a href="/admin/uploads">Uploads</a> › <a href="${uploadsOf(seller)}">${seller}</a></nav>
<div class="head"><div><h1>${KINDS[upload.kind]} of ${upload.created_at} UTC</h1><p><code class="unbroken">${upload.id}</code></p></div>
${changed > 0 && html`<p class="actions"><a class="button" href="/admin/actions/undo-upload?id=${upload.id}">Undo</a></p>`}</div>
<section class="card pad" aria-labelledby="facts">
  <h2 id="facts" class="hidden">The request</h2>
  <dl class="facts">
    ${fact('Seller', html`<a href="${sellerAddress(seller)}">${seller}</a>`)}
    ${fact('Key', html`<code class="unbroken">${upload.key_id}</code>${upload.key_id === PERSONS_KEY && html` <span class="muted">(a person: <a href="/admin/audit?seller=${encodeURIComponent(seller)}">audit log</a>)</span>`}`)}
    ${fact(ASKED_FOR[upload.kind], asked(upload))}
    ${fact('Created', count(upload.orders_created))}
    ${fact('Updated', count(upload.orders_updated))}
    ${fact('Deleted', count(upload.orders_deleted))}
    ${fact('Left alone', count(upload.orders_stale))}
    ${fact('Request', html`<code class="unbroken">${upload.request_id}</code>`, 'wide')}
    ${undoes && fact('Takes back', html`<a href="${uploadAddress(undoes)}">${TAKEN_BACK[upload.undoes_kind ?? 'upload']}</a>`)}
    ${undone_by && fact('Taken back by', html`<a href="${uploadAddress(undone_by)}">an undoing</a>`)}
  </dl>
</section>
${changed === 0 && html`<p class="lead">It changed no order.</p>`}
${ordersCard('Still as it left them', upload.orders)}
${ordersCard('Changed or deleted since', upload.replaced)}
${ordersCard('Deleted by it', upload.deleted)}
${ordersCard(LEFT_ALONE[upload.kind], upload.left_alone)}`;
}

const ASKED_FOR = { upload: 'Sent', delete: 'Named', undo: 'To be taken back' } as const;

function asked({ kind, orders_count, items_count }: UploadDetails): string {
  const orders = counted(orders_count, 'order');
  return kind === 'upload' ? `${orders}, ${counted(items_count, 'item')}` : orders;
}

const TAKEN_BACK = { upload: 'an upload', delete: 'a deletion', undo: 'an undoing' } as const;
const LEFT_ALONE = {
  upload: 'Left alone: newer than sent',
  delete: 'Left alone: not there',
  undo: 'Left alone: changed since',
} as const;

function fact(term: string, value: Html | string, kind?: 'wide'): Html {
  return html`<div${kind && html` class="${kind}"`}><dt>${term}</dt><dd>${value}</dd></div>`;
}

/** A number that the seller has no order of may be another's now: it is no link. */
function ordersCard(title: string, orders: readonly (NamedOrder | UploadedOrder)[]): Html | false {
  if (orders.length === 0) return false;
  return html`<section class="card">
  <h2>${title}</h2>
  <ul class="pad plain columns">${orders.map(
    (order) =>
      html`<li>${order.is_there ? html`<a href="${orderAddress(order.order_number)}">${order.order_number}</a>` : order.order_number}${'version' in order && order.version > 1 && html` <span class="muted">version ${order.version}</span>`}</li>`,
  )}</ul>
  ${orders.length === MAX_NAMED && html`<p class="pad muted">These are ${MAX_NAMED}, and perhaps not all.</p>`}
</section>`;
}
