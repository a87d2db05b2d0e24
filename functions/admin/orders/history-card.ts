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
      (
        state,
        i,
      ) => html`${state.deletion && row(state.version, state.deletion.at, state.deletion.upload, 'Deleted')}
    ${row(state.version, state.since, state.upload, told(state, states[i + 1]))}`,
    )}</tbody>
  </table>`,
  )}
  ${json !== null && html`<details class="pad"><summary>As the API gives it</summary><pre class="secret"><code>${json}</code></pre></details>`}
</section>`;
}

function row(version: number, at: string, upload: OrderState['upload'], what: Html | string): Html {
  return html`<tr>
      <th scope="row">${version}</th>
      <td><time>${minute(at)}</time></td>
      <td>${author(upload)}</td>
      <td>${what}</td>
    </tr>`;
}

function author(upload: OrderState['upload']): Html | string {
  if (!upload) return 'not recorded';
  return html`${KINDS[upload.kind]} with key <code>${upload.key_id}</code><br><a href="${uploadAddress(upload.id)}"><code>${upload.id}</code></a>`;
}

function told(state: OrderState, before: OrderState | undefined): Html | string {
  if (before) {
    const changes = changesBetween(before, state).map(change);
    const isBack = before.deletion !== null;
    return html`${isBack && 'Brought back'}${changes.length > 0 && html`<ul class="plain">${changes}</ul>`}`;
  }
  return state.version === 1 ? 'Created' : 'What it was before is no longer kept';
}

function change({ what, before, after }: Changed): Html {
  if (before === undefined) return html`<li>${what} came: ${after}</li>`;
  if (after === undefined) return html`<li>${what} went: <del>${before}</del></li>`;
  return html`<li>${what}: <del>${before}</del> → ${after}</li>`;
}
