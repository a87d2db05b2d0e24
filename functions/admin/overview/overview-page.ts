import type { Health } from '../../../db/admin/health.ts';
import {
  type Compared,
  DAYS,
  type Figures,
  MAX_STATUSES,
  type Overview,
} from '../../../db/admin/overview.ts';
import type { ListedUpload } from '../../../db/admin/uploads-list.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
import { barsOf } from '../charts/bars.ts';
import { periodChart } from '../charts/period-chart.ts';
import { statusesCard } from '../statuses-card.ts';
import { latestRefusalsCard } from '../uploads/refusals-card.ts';
import { uploadsTable } from '../uploads/uploads-table.ts';
import { change } from './change.ts';
import { healthCard } from './health-card.ts';

export interface OverviewPage {
  readonly overview: Overview;
  readonly uploads: readonly ListedUpload[];
  readonly health: Health;
  /** The statuses whose orders are no revenue. */
  readonly cancelled: readonly string[];
  /** The UTC day on which somebody looks. */
  readonly today: string;
  /** When the nightly job begins, in UTC. */
  readonly nightlyAt: string;
  readonly nowMs: number;
}

/** How all sellers are doing, each figure with the way to the orders that make it. */
export function overviewPage(page: OverviewPage): Html {
  const { overview, uploads, health, cancelled, today, nightlyAt, nowMs } = page;
  const { today: day, yesterday, week, days } = overview.periods;
  return html`<div class="head"><div><h1>Overview</h1><p>All sellers; today is <time>${today}</time> until 24:00 UTC</p></div></div>
<dl class="figures">
${figure('Today so far', day, 'the whole day a week ago')}
${figure('Yesterday', yesterday, 'the same day a week before')}
${figure('This week so far', week, 'last week up to this day')}
${figure(`Last ${DAYS} days`, days, `the ${DAYS} days before`)}
</dl>
<p class="lead">Revenue is the sum of all orders by the day on which they were created. Below it, the same without those that are
${cancelled.join(', ')}.</p>
${healthCard({ health, nightlyAt, nowMs })}
${
  overview.days.length === 0
    ? html`<div class="card empty"><h2>No orders in ${2 * DAYS} days</h2><p class="muted">What sellers upload appears here at once.
<a href="/admin/orders">Orders of all days</a></p></div>`
    : html`${daysCard(overview, today)}
<div class="beside">
${ofStatuses(overview)}
${sellersCard(overview)}
</div>`
}
<section class="card">
  <div class="card-head head"><h2>Latest uploads</h2>
    <span><a href="/admin/orders?changed=${yesterday.last_day}&amp;sort=changed">Orders changed since yesterday</a> · <a href="/admin/uploads">All uploads</a></span></div>
  ${uploads.length === 0 ? html`<p class="pad muted">None yet.</p>` : uploadsTable(uploads)}
</section>
${latestRefusalsCard(health.refusals)}`;
}

const ordersHref = (first: string, last: string, more = '') =>
  `/admin/orders?${more}from=${first}&to=${last}`;

function figure(title: string, period: Compared, before: string): Html {
  const { first_day, last_day } = period;
  return html`<div><dt>${title}</dt>
  <dd><a href="${ordersHref(first_day, last_day)}">${money(period.total_revenue)}</a></dd>
  <dd class="beneath">${counted(period.orders_count, 'order')} · ${money(period.kept_revenue)} without cancelled</dd>
  <dd class="beneath">${change(period.total_revenue, period.before.total_revenue)} against <a href="${ordersHref(period.before.first_day, period.before.last_day)}">${money(period.before.total_revenue)}</a>, ${before}</dd>
</div>`;
}

function daysCard({ days, periods }: Overview, today: string): Html {
  const { first_day } = periods.days;
  return html`<section class="card">
  <h2>By day</h2>
  ${periodChart({ bars: barsOf(days, today, DAYS), withBefore: true, href: ordersHref })}
  ${scrollable(
    'Days with orders',
    html`<table>
    <caption>The last ${DAYS} days, those with orders, newest first</caption>
    <thead><tr><th scope="col">Day (UTC)</th>${figureHeads()}</tr></thead>
    <tbody>${days
      .filter(({ day }) => day >= first_day)
      .toReversed()
      .map(
        (row) => html`<tr>
      <th scope="row"><a href="${ordersHref(row.day, row.day)}"><time>${row.day}</time></a></th>${figureCells(row)}
    </tr>`,
      )}</tbody>
  </table>`,
    'short',
  )}
</section>`;
}

function ofStatuses({ statuses, periods: { days } }: Overview): Html {
  return statusesCard({
    period: ` of the last ${DAYS} days`,
    statuses,
    most: MAX_STATUSES,
    href: (status) =>
      ordersHref(days.first_day, days.last_day, `status=${encodeURIComponent(status)}&`),
  });
}

function sellersCard({ sellers, periods: { days } }: Overview): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Top sellers</h2><a href="/admin/sellers?sort=revenue">All sellers</a></div>
  ${scrollable(
    'Top sellers',
    html`<table>
    <caption class="hidden">Sellers with most revenue in the last ${DAYS} days</caption>
    <thead><tr><th scope="col">Seller</th>${figureHeads()}</tr></thead>
    <tbody>${sellers.map(
      (row) => html`<tr>
      <th scope="row"><a href="${sellerAddress(row.seller)}">${row.seller}</a></th>
      <td class="num"><a href="${ordersHref(days.first_day, days.last_day, `seller=${encodeURIComponent(row.seller)}&`)}">${count(row.orders_count)}</a></td>
      <td class="num">${money(row.total_revenue)}</td><td class="num">${money(row.kept_revenue)}</td>
    </tr>`,
    )}</tbody>
  </table>`,
  )}
</section>`;
}

const figureHeads =
  () => html`<th scope="col" class="num">Orders</th><th scope="col" class="num">Revenue</th>
    <th scope="col" class="num">Without cancelled</th>`;

const figureCells = (row: Figures) => html`
      <td class="num">${count(row.orders_count)}</td><td class="num">${money(row.total_revenue)}</td>
      <td class="num">${money(row.kept_revenue)}</td>`;
