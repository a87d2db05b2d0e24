import { linkedBadge } from '../shared/pages/badge.ts';
import { count, money } from '../shared/pages/format.ts';
import { type Html, html } from '../shared/pages/html.ts';
import { scrollable } from '../shared/pages/scrollable.ts';

interface Figures {
  readonly orders_count: number;
  readonly total_revenue: string;
}

export interface StatusesCard {
  /** Of what, such as ` of the last 30 days`. @default all */
  readonly period?: string;
  /** Those with most orders first. */
  readonly statuses: readonly (Figures & { readonly status: string })[];
  /** How many of them there are at most. */
  readonly most: number;
  /** All of them together, for the last line. @default it has none */
  readonly all?: Figures;
  /** Where the orders of a status are. */
  readonly href: (status: string) => string;
}

export function statusesCard({ period = '', statuses, most, all, href }: StatusesCard): Html {
  return html`<section class="card">
  <h2>By status</h2>
  ${scrollable(
    'Statuses',
    html`<table>
    <caption class="hidden">Orders and revenue${period} by status, those with most orders first</caption>
    <thead><tr><th scope="col">Status</th><th scope="col" class="num">Orders</th><th scope="col" class="num">Revenue</th></tr></thead>
    <tbody>${statuses.map(
      (row) => html`<tr>
      <th scope="row">${linkedBadge(row.status, href(row.status))}</th>
      ${cells(row)}
    </tr>`,
    )}</tbody>${
      all &&
      html`
    <tfoot><tr>
      <th scope="row">All</th>${cells(all)}
    </tr></tfoot>`
    }
  </table>`,
  )}
  ${statuses.length === most && html`<p class="pad muted">The ${most} with most orders; there may be more.</p>`}
</section>`;
}

const cells = ({ orders_count, total_revenue }: Figures) =>
  html`<td class="num">${count(orders_count)}</td><td class="num">${money(total_revenue)}</td>`;
