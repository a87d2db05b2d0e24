import type { ListedUpload } from '../../../db/admin/uploads-list.ts';
import { sellerAddress, uploadAddress } from '../../shared/pages/addresses.ts';
import { count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';

/** Uploads, deletions and undoings, the latest first. */
export function uploadsTable(uploads: readonly ListedUpload[]): Html {
  return scrollable(
    'Uploads',
    html`<table>
    <caption class="hidden">Uploads, deletions and undoings, the latest first; times are UTC</caption>
    <thead><tr>
      <th scope="col">When (UTC)</th><th scope="col">Seller</th><th scope="col">What</th>
      <th scope="col" class="num">Created</th><th scope="col" class="num">Updated</th>
      <th scope="col" class="num">Deleted</th><th scope="col" class="num">Left alone</th>
      <th scope="col">Key</th>
    </tr></thead>
    <tbody>${uploads.map(
      (upload) => html`<tr>
      <th scope="row"><a href="${uploadAddress(upload.id)}"><time>${upload.created_at}</time></a></th>
      <td><a href="${sellerAddress(upload.seller)}">${upload.seller}</a></td>
      <td>${KINDS[upload.kind]}</td>
      <td class="num">${count(upload.orders_created)}</td>
      <td class="num">${count(upload.orders_updated)}</td>
      <td class="num">${count(upload.orders_deleted)}</td>
      <td class="num">${count(upload.orders_stale)}</td>
      <td><code>${upload.key_id}</code></td>
    </tr>`,
    )}</tbody>
  </table>`,
  );
}

/** What a request has done, as people say it. */
export const KINDS: Readonly<Record<ListedUpload['kind'], string>> = {
  upload: 'Upload',
  delete: 'Deletion',
  undo: 'Undoing',
};
