import type { ListedUpload } from '../../../db/admin/last-uploads.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';

/** The latest uploads, deletions and undoings of all sellers. */
export function uploadsCard(uploads: readonly ListedUpload[]): Html {
  return html`<section class="card">
  <h2>Latest uploads</h2>
  ${
    uploads.length === 0
      ? html`<p class="pad muted">None yet. What changes nothing is not recorded, and what is refused is in the log of the upload function.</p>`
      : scrollable('Latest uploads', table(uploads))
  }
</section>`;
}

function table(uploads: readonly ListedUpload[]): Html {
  return html`<table>
    <caption class="hidden">The latest uploads, deletions and undoings, newest first; times are UTC</caption>
    <thead><tr>
      <th scope="col">When (UTC)</th><th scope="col">Seller</th><th scope="col">What</th>
      <th scope="col" class="num">Created</th><th scope="col" class="num">Updated</th>
      <th scope="col" class="num">Deleted</th><th scope="col" class="num">Left alone</th>
      <th scope="col">Key</th>
    </tr></thead>
    <tbody>${uploads.map(
      (upload) => html`<tr>
      <th scope="row"><time>${upload.created_at}</time></th>
      <td><a href="${sellerAddress(upload.seller)}">${upload.seller}</a></td>
      <td>${KINDS[upload.kind]}</td>
      <td class="num">${count(upload.orders_created)}</td>
      <td class="num">${count(upload.orders_updated)}</td>
      <td class="num">${count(upload.orders_deleted)}</td>
      <td class="num">${count(upload.orders_stale)}</td>
      <td><code>${upload.key_id}</code></td>
    </tr>`,
    )}</tbody>
  </table>`;
}

const KINDS: Readonly<Record<ListedUpload['kind'], string>> = {
  upload: 'upload',
  delete: 'deletion',
  undo: 'undoing',
};
