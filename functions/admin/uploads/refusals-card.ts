import type { ListedRefusal } from '../../../db/admin/refusals-list.ts';
import { CODE_TEXTS } from '../../openapi/docs/code-texts.ts';
import { STATUS_TEXTS } from '../../openapi/docs/status-texts.ts';
import { sellerAddress, uploadsOf } from '../../shared/pages/addresses.ts';
import { type Column, cardTable } from '../../shared/pages/card-table.ts';
import { count, counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { isProblemStatus } from '../../shared/problem.ts';
import { isProblemCode } from '../../shared/problem-codes.ts';

/** How many rows a page lists at most. */
export const REFUSALS_SHOWN = 20;

/** What was refused of late, for the overview. */
export function latestRefusalsCard(refusals: readonly ListedRefusal[]): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Latest refusals</h2>${refusals.length > 0 && html`<a href="/admin/uploads#refusals">All refusals</a>`}</div>
  ${refusals.length === 0 ? html`<p class="pad muted">No upload was refused of late.</p>` : refusalsTable(refusals, OF_ALL)}
</section>`;
}

/** What was refused of all sellers' uploads, or of one's. */
export function refusalsCard(refusals: readonly ListedRefusal[], isOfOne: boolean): Html {
  return html`<section class="card" id="refusals">
  <h2>Refused uploads</h2>
  ${refusalsTable(refusals, isOfOne ? OF_ONE : OF_ALL)}
  ${refusals.length === REFUSALS_SHOWN && html`<p class="pad muted">These are the latest ${REFUSALS_SHOWN}; there may be more.</p>`}
</section>`;
}

function refusalsTable(
  refusals: readonly ListedRefusal[],
  columns: readonly RefusalColumn[],
): Html {
  return cardTable<ListedRefusal>(
    'Refused uploads by day and reason, the latest first; times are UTC',
    columns,
    refusals,
  );
}

type RefusalColumn = Column<ListedRefusal>;

const WHEN: RefusalColumn = {
  head: 'Last (UTC)',
  cell: ({ seller, last_at }) => html`<a href="${uploadsOf(seller)}"><time>${last_at}</time></a>`,
};
const LAST: RefusalColumn = {
  head: 'Last (UTC)',
  cell: ({ last_at }) => html`<time>${last_at}</time>`,
};
const FIRST: RefusalColumn = {
  head: 'First of that day',
  cell: ({ first_at }) => html`<time>${first_at.slice(-5)}</time>`,
};
const SELLER: RefusalColumn = {
  head: 'Seller',
  kind: 'text',
  cell: ({ seller }) => html`<a href="${sellerAddress(seller)}">${seller}</a>`,
};
const WHAT: RefusalColumn = {
  head: 'Why',
  kind: 'wide',
  cell: ({ status, code, pointer, errors_count }) =>
    html`<span class="badge bad">${status}</span> ${isProblemCode(code) && html`<code>${code}</code>`}${
      pointer && html` at <code class="text">${pointer}</code>`
    }${errors_count > 1 && html` and ${counted(errors_count - 1, 'more error')}`}<br><span class="muted">${meaning(code, status)}</span>`,
};
const COUNT: RefusalColumn = {
  head: 'Times that day',
  kind: 'num',
  cell: ({ refusals_count }) => count(refusals_count),
};
const KEY: RefusalColumn = {
  head: 'Key',
  cell: ({ key_id }) => html`<code class="unbroken">${key_id}</code>`,
};
const REQUEST: RefusalColumn = {
  head: 'Last request',
  cell: ({ request_id }) => html`<code class="unbroken">${request_id}</code>`,
};

const OF_ALL = [WHEN, SELLER, WHAT, COUNT, KEY];
const OF_ONE = [LAST, FIRST, WHAT, COUNT, KEY, REQUEST];

/** What the API's page says of it, as text. */
function meaning(code: string, status: number): string {
  const text = isProblemCode(code)
    ? CODE_TEXTS[code]
    : isProblemStatus(status) && STATUS_TEXTS[status];
  return text ? text.means.replaceAll(MARKS, '') : '';
}

/** Of code, and sentences that lead elsewhere on that page. */
const MARKS = /`| See \[[^\]]*\]\([^)]*\)\./g;
