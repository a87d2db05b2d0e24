import type { ListedRefusal } from '../../../db/admin/refusals-list.ts';
import type { ListedUpload } from '../../../db/admin/uploads-list.ts';
import { KEEP_REFUSALS_DAYS } from '../../../db/uploads/refusals.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { refusalsCard } from './refusals-card.ts';
import { uploadsTable } from './uploads-table.ts';

export interface UploadsPage {
  readonly uploads: readonly ListedUpload[];
  /** Refused ones; none where these are not the latest. */
  readonly refusals: readonly ListedRefusal[];
  /** Whose they are: as typed, and the whole name, if there is such a seller; else all sellers'. */
  readonly seller: { readonly typed: string; readonly name: string | undefined } | undefined;
  /** Whether these are the latest, and whether there are older ones. */
  readonly isFirst: boolean;
  readonly hasOlder: boolean;
}

export function uploadsPage(page: UploadsPage): Html {
  const { uploads, refusals, seller, isFirst, hasOlder } = page;
  const of =
    seller === undefined ? '' : `seller=${encodeURIComponent(seller.name ?? seller.typed)}`;
  const last = uploads.at(-1);
  return html`<div class="head"><div><h1>Uploads</h1><p>${
    seller === undefined
      ? 'Of all sellers'
      : html`${whose(seller)}. <a href="/admin/uploads">Those of all sellers</a>`
  }</p></div></div>
<p class="lead">Every request that changed something has a receipt, with what it changed and with which key. What changes nothing leaves
none; what was refused is counted by day and reason, for ${KEEP_REFUSALS_DAYS} days.</p>
${refusals.length > 0 && refusalsCard(refusals, seller !== undefined)}
<div class="card">${refusals.length > 0 && uploads.length > 0 && html`<h2>Receipts</h2>`}${
    uploads.length === 0
      ? html`<div class="empty"><h2>No uploads</h2><p class="muted">They appear here as soon as a seller’s system changes something.</p></div>`
      : uploadsTable(uploads)
  }${
    (!isFirst || hasOlder) &&
    html`<nav class="pages" aria-label="Pages">
    ${!isFirst && html`<a class="button" href="/admin/uploads${of && `?${of}`}">Latest uploads</a>`}
    ${hasOlder && last && html`<a class="button next" rel="next" href="/admin/uploads?${of && `${of}&`}before=${last.id}">Older uploads →</a>`}
  </nav>`
  }</div>`;
}

const whose = ({ typed, name }: NonNullable<UploadsPage['seller']>): Html =>
  name === undefined
    ? html`No seller is called <span class="text">${typed}</span>`
    : html`Of <a class="text" href="${sellerAddress(name)}">${name}</a>`;
