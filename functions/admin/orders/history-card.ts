import { MAX_STATES, type OrderHistory, type OrderState } from '../../../db/admin/order-history.ts';
import { uploadAddress } from '../../shared/pages/addresses.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { KINDS } from '../uploads/uploads-table.ts';
import { type Changed, changesBetween } from './changes.ts';

/** What was changed of an order, when and by which key; and the order as the API gives it. */
export function historyCard({ states, json }: OrderHistory): Html {
  const told = states.slice(0, MAX_STATES);
  return html`<section class="card">
  <h2>History</h2>
  ${cardTable<Step>(
    'What the order became, the newest first; times are UTC',
    [
      { head: 'Version', cell: ({ version }) => version },
      { head: 'When (UTC)', cell: ({ at }) => html`<time>${minute(at)}</time>` },
      { head: 'By', kind: 'wide', cell: ({ upload }) => author(upload) },
      { head: 'What changed', kind: 'wide', cell: ({ what }) => what },
    ],
    told.flatMap((state, i) => steps(state, states[i + 1])),
  )}
  ${states.length > told.length && html`<p class="pad muted">These are the latest ${MAX_STATES} versions; earlier ones are kept, too.</p>`}
  ${json !== null && html`<details class="pad"><summary>As the API gives it</summary><pre class="secret"><code>${json}</code></pre></details>`}
</section>`;
}

interface Step {
  readonly version: number;
  readonly at: string;
  readonly upload: OrderState['upload'];
  readonly what: Html | string;
}

/** How the order became so and, where it was, its deletion, the newest first. */
function steps(state: OrderState, before: OrderState | undefined): Step[] {
  const { version, since, upload, deletion } = state;
  const step = { version, at: since, upload, what: whatChanged(state, before) };
  return deletion ? [{ version, ...deletion, what: 'Deleted' }, step] : [step];
}

function author(upload: OrderState['upload']): Html | string {
  if (!upload) return 'not recorded';
  return html`${KINDS[upload.kind]} with key <code class="unbroken">${upload.key_id}</code><br><a href="${uploadAddress(upload.id)}"><code class="unbroken">${upload.id}</code></a>`;
}

function whatChanged(state: OrderState, before: OrderState | undefined): Html | string {
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
