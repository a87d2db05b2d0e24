import type { OrderHistory, OrderState } from '../../../db/admin/order-history.ts';
import { uploadAddress } from '../../shared/pages/addresses.ts';
import { minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
import { KINDS } from '../uploads/uploads-table.ts';
import { type Changed, changesBetween } from './changes.ts';

/** What was changed of an order, when and by which key; and the order as the API gives it. */
export function historyCard({ states, json }: OrderHistory): Html {
  return html`<section class="card">
  <h2>History</h2>
  ${scrollable(
    'History',
    html`<table>
    <caption class="hidden">What the order became, the newest first; times are UTC</caption>
    <thead><tr>
      <th scope="col">Version</th><th scope="col">When (UTC)</th><th scope="col">By</th><th scope="col">What changed</th>
    </tr></thead>
    <tbody>${states.map(
      (state, i) => html`<tr>
      <th scope="row">${state.version}</th>
      <td><time>${minute(state.since)}</time></td>
      <td>${author(state)}</td>
      <td>${told(state, states[i + 1])}</td>
    </tr>`,
    )}</tbody>
  </table>`,
  )}
  ${json !== null && html`<details class="pad"><summary>As the API gives it</summary><pre class="secret"><code>${json}</code></pre></details>`}
</section>`;
}

function author({ upload }: OrderState): Html | string {
  if (!upload) return 'not recorded';
  return html`${KINDS[upload.kind]} with key <code>${upload.key_id}</code><br><a href="${uploadAddress(upload.id)}"><code>${upload.id}</code></a>`;
}

function told(state: OrderState, before: OrderState | undefined): Html | string {
  if (before) return html`<ul class="plain">${changesBetween(before, state).map(change)}</ul>`;
  return state.version === 1 ? 'Created' : 'What it was before is no longer kept';
}

function change({ what, before, after }: Changed): Html {
  if (before === undefined) return html`<li>${what} came: ${after}</li>`;
  if (after === undefined) return html`<li>${what} went: <del>${before}</del></li>`;
  return html`<li>${what}: <del>${before}</del> → ${after}</li>`;
}
