import type { ListedUpload } from '../../../db/admin/uploads-list.ts';
import { sellerAddress, uploadAddress } from '../../shared/pages/addresses.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

/** Uploads, deletions and undoings, the latest first. */
export function uploadsTable(uploads: readonly ListedUpload[]): Html {
  return cardTable<ListedUpload>(
    'Uploads, deletions and undoings, the latest first; times are UTC',
    [
      {
        head: 'When (UTC)',
        cell: ({ id, created_at }) =>
          html`<a href="${uploadAddress(id)}"><time>${created_at}</time></a>`,
      },
      {
        head: 'Seller',
        kind: 'text',
        cell: ({ seller }) => html`<a href="${sellerAddress(seller)}">${seller}</a>`,
      },
      { head: 'What', cell: ({ kind }) => KINDS[kind] },
      { head: 'Created', kind: 'num', cell: (upload) => count(upload.orders_created) },
      { head: 'Updated', kind: 'num', cell: (upload) => count(upload.orders_updated) },
      { head: 'Deleted', kind: 'num', cell: (upload) => count(upload.orders_deleted) },
      { head: 'Left alone', kind: 'num', cell: (upload) => count(upload.orders_stale) },
      { head: 'Key', cell: ({ key_id }) => html`<code class="unbroken">${key_id}</code>` },
    ],
    uploads,
  );
}

/** What a request has done, as people say it. */
export const KINDS: Readonly<Record<ListedUpload['kind'], string>> = {
  upload: 'Upload',
  delete: 'Deletion',
  undo: 'Undoing',
};
