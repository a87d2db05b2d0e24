import type { SellerFigures } from '../../../db/admin/seller.ts';
import { addDays, dayNumber } from '../../../db/days.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

type Day = SellerFigures['days'][number];

/**
 * A drawing is stretched to the width that there is; its text is outside, where it stays readable.
 */
const HEIGHT = 100;
const STEP = 10;
const BAR = 8;

/**
 * Revenue and orders by day as two rows of bars over the same days. The digits are in the table
 * beside it; here they become binary fractions, which only bars are drawn by.
 *
 * @param lastDay the rightmost; `period` days end with it
 */
export function dayChart(days: readonly Day[], lastDay: string, period: number): Html {
  const firstDay = addDays(lastDay, 1 - period);
  const bars = (title: string, measure: (day: Day) => number) =>
    panel({ title, days, firstDay, lastDay, period, measure });
  return html`<figure class="chart">
${bars('Revenue', (day) => Number(day.total_revenue))}
${bars('Orders', (day) => day.orders_count)}
<figcaption class="chart-row"><time>${firstDay}</time><time>${lastDay}</time></figcaption>
</figure>`;
}

interface Panel {
  readonly title: string;
  readonly days: readonly Day[];
  readonly firstDay: string;
  readonly lastDay: string;
  readonly period: number;
  measure(day: Day): number;
}

function panel({ title, days, firstDay, lastDay, period, measure }: Panel): Html {
  const values = days.map(measure);
  const highest = niceCeiling(Math.max(0, ...values));
  const lowest = niceCeiling(Math.max(0, ...values.map((value) => -value)));
  const scale = HEIGHT / (highest + lowest || 1);
  const zero = highest * scale;
  const label = `${title} by day, ${firstDay} to ${lastDay}; the table below has the figures`;
  return html`<div class="chart-row"><strong>${title}</strong><span>${count(highest)}</span></div>
<svg viewBox="0 0 ${period * STEP} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">
<line x1="0" x2="${period * STEP}" y1="0" y2="0" class="grid"/>
${days.map((day, i) => {
  const height = (values[i] ?? 0) * scale;
  const x = (dayNumber(day.day) - dayNumber(firstDay)) * STEP + (STEP - BAR) / 2;
  const y = height < 0 ? zero : zero - height;
  return html`<rect x="${x}" y="${round(y)}" width="${BAR}" height="${round(Math.abs(height))}"><title>${day.day}: ${money(day.total_revenue)}, ${counted(day.orders_count, 'order')}</title></rect>
`;
})}<line x1="0" x2="${period * STEP}" y1="${round(zero)}" y2="${round(zero)}" class="axis"/>
</svg>`;
}

/** The next 1, 2 or 5 times a power of ten, so that the scale's end is a round number. */
function niceCeiling(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = [1, 2, 5].find((step) => step * power >= value) ?? 10;
  return Math.max(1, nice * power);
}

/** To tenths of a hundredth of the height: finer is not seen, and every digit is sent. */
const round = (value: number) => Math.round(value * 10) / 10;
