import { AUDIT_ACTIONS } from '../../../db/audit/audit-lines.ts';
import type { ListedLine } from '../../../db/audit/list-lines.ts';
import { sellerAddress, uploadAddress } from '../../shared/pages/addresses.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { inUnits } from '../../shared/pages/in-units.ts';
import { personName } from '../../shared/pages/person-name.ts';
import { ACTION_TEXTS } from './action-texts.ts';
import { changedValues } from './changed-values.ts';
import { type AuditInput, auditHref } from './input.ts';

export interface AuditPage {
  readonly input: AuditInput;
  readonly lines: readonly ListedLine[];
  readonly hasOlder: boolean;
}

export function auditPage({ input, lines, hasOlder }: AuditPage): Html {
  const last = lines.at(-1);
  const isFiltered = auditHref(input) !== '/admin/audit';
  return html`<div class="head"><div><h1>Audit log</h1><p>${
    isFiltered
      ? html`What fits the filter. <a href="/admin/audit">Everything</a>`
      : 'What people did, the latest first'
  }</p></div></div>
${filterForm(input)}
<div class="card">${
    lines.length === 0
      ? html`<div class="empty"><h2>Nothing was done</h2><p class="muted">A line appears here when somebody changes keys, orders or sellers in the admin.</p></div>`
      : table(lines)
  }${
    (input.before || hasOlder) &&
    html`<nav class="pages" aria-label="Pages">
    ${input.before && html`<a class="button" href="${auditHref(input)}">Latest lines</a>`}
    ${hasOlder && last && html`<a class="button next" rel="next" href="${auditHref(input, { before: last.id })}">Older lines →</a>`}
  </nav>`
  }</div>`;
}

function filterForm({ actor, action, seller, sellerId, target }: AuditInput): Html {
  return html`<form class="card filter" role="search" action="/admin/audit"><div class="fields">
  <div><label for="seller">Seller</label><input id="seller" name="seller" maxlength="${inUnits(50)}" autocomplete="off" value="${seller}"></div>
  <div><label for="actor">Who (ARN)</label><input id="actor" name="actor" maxlength="${inUnits(1_000)}" autocomplete="off" value="${actor}"></div>
  <div><label for="target">Order, key or upload</label><input id="target" name="target" maxlength="${inUnits(50)}" autocomplete="off" value="${target}"></div>
  <div><label for="action">What</label><select id="action" name="action"><option value="">Anything</option>${AUDIT_ACTIONS.map(
    (each) =>
      html`<option value="${each}"${each === action && html` selected`}>${ACTION_TEXTS[each]}</option>`,
  )}</select></div>
  ${sellerId !== undefined && html`<div><label for="seller_id">Seller’s number</label><input id="seller_id" name="seller_id" inputmode="numeric" maxlength="19" autocomplete="off" value="${sellerId}"></div>`}
  <div class="apply"><button class="primary">Filter</button></div>
</div></form>`;
}

function table(lines: readonly ListedLine[]): Html {
  return cardTable<ListedLine>(
    'What people did, the latest first; times are UTC',
    [
      {
        head: 'When (UTC)',
        cell: ({ at, request_id }) => html`<time title="Request ${request_id}">${at}</time>`,
      },
      {
        head: 'Who',
        kind: 'text',
        cell: ({ actor }) =>
          html`<a href="${auditHref({ actor })}" title="${actor}">${personName(actor)}</a>`,
      },
      {
        head: 'What',
        cell: ({ action }) => html`<a href="${auditHref({ action })}">${ACTION_TEXTS[action]}</a>`,
      },
      { head: 'Seller', kind: 'text', cell: seller },
      { head: 'Of what', kind: 'text', cell: target },
      { head: 'Before → after', kind: 'wide', cell: changedValues },
    ],
    lines,
  );
}

function seller({ seller, seller_id }: ListedLine): Html {
  return seller === null
    ? html`<a href="${auditHref({ sellerId: seller_id })}">no. ${seller_id}</a> <span class="muted">erased</span>`
    : html`<a href="${sellerAddress(seller)}">${seller}</a>`;
}

function target({ action, target }: ListedLine): Html | string {
  if (target === null) return '–';
  if (action === 'upload.undo') return html`<a href="${uploadAddress(target)}">an upload</a>`;
  return action === 'order.delete' ? target : html`<code class="unbroken">${target}</code>`;
}
