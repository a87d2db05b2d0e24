import { count, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { Bars } from './bars.ts';
import { type Measure, type PanelOptions, panel } from './panel.ts';

export interface PeriodChart extends PanelOptions {
  readonly bars: Bars;
}

const REVENUE: Measure = {
  title: 'Revenue',
  of: ({ total_revenue }) => Number(total_revenue),
  text: ({ total_revenue }) => money(total_revenue),
};

const ORDERS: Measure = {
  title: 'Orders',
  isWhole: true,
  of: ({ orders_count }) => orders_count,
  text: ({ orders_count }) => count(orders_count),
};

/**
 * Revenue and orders as two rows of bars over the same days, weeks or months. The digits are in the
 * table beside it; here they become binary fractions, which only bars are drawn by.
 */
export function periodChart({ bars, ...options }: PeriodChart): Html {
  const { firstDay, lastDay, places } = bars;
  return html`<figure class="chart">
${[REVENUE, ORDERS].map((measure) => panel(bars, measure, options))}<figcaption class="chart-row"><time>${firstDay}</time>${
    options.withBefore && html`<span>behind: ${places} days before</span>`
  }<time>${lastDay}</time></figcaption>
</figure>`;
}
