import type { SellerFigures } from '../../../db/admin/seller.ts';
import { addDays, type Span } from '../../../db/days.ts';
import { ordersAddress } from '../../shared/pages/addresses.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
import { type Bar, barsOf } from '../charts/bars.ts';
import { periodChart } from '../charts/period-chart.ts';

export interface DaysCard {
  readonly seller: SellerFigures;
  /** The last day that is drawn. */
  readonly until: string;
  /** How many days are drawn, and how many may be. */
  readonly period: number;
  readonly periods: readonly number[];
}

const HEADS: Readonly<Record<Span, { readonly one: string; readonly many: string }>> = {
  day: { one: 'Day', many: 'Days' },
  week: { one: 'Week', many: 'Weeks' },
  month: { one: 'Month', many: 'Months' },
  year: { one: 'Year', many: 'Years' },
};

/** A seller's figures over time: drawn, and in a table of the same days, weeks or months. */
export function daysCard({ seller, until, period, periods }: DaysCard): Html {
  const { username } = seller;
  const bars = barsOf(seller.days, until, period);
  const { one, many } = HEADS[bars.span];
  const href = (from: string, to: string) => ordersAddress({ seller: username, from, to });
  const row = (bar: Bar) => html`<tr>
      <th scope="row"><a href="${href(bar.first, bar.last)}">${daysOf(bar)}</a></th>
      <td class="num">${count(bar.orders_count)}</td>
      <td class="num">${money(bar.total_revenue)}</td>
    </tr>`;
  return html`<section class="card">
  <div class="card-head head">
    <h2>By ${bars.span}</h2>
    <nav class="switch" aria-label="Days">${periods.map(
      (each) =>
        html`<a href="/admin/seller?name=${encodeURIComponent(username)}&amp;days=${each}"${each === period && html` aria-current="true"`}>${count(each)} days</a>`,
    )}</nav>
  </div>
  ${laterOrders(seller, until)}
  ${periodChart({ bars, href })}
  ${scrollable(
    `${many} with orders`,
    html`<table>
    <caption>${many} with orders, newest first</caption>
    <thead><tr><th scope="col">${one} (UTC)</th><th scope="col" class="num">Orders</th><th scope="col" class="num">Revenue</th></tr></thead>
    <tbody>${bars.bars.toReversed().map(row)}</tbody>
  </table>`,
    'short',
  )}
</section>`;
}

function laterOrders({ username, later_orders, last_day }: SellerFigures, until: string) {
  if (later_orders === 0) return undefined;
  return html`<p class="pad muted">The days end today. <a href="/admin/orders?seller=${encodeURIComponent(username)}&amp;from=${addDays(until, 1)}">${counted(later_orders, 'order')}</a> ${later_orders === 1 ? 'is' : 'are'} dated later, the last on <time>${last_day}</time>.</p>`;
}

const daysOf = ({ first, last }: Bar) =>
  first === last
    ? html`<time>${first}</time>`
    : html`<time>${first}</time> to <time>${last}</time>`;
