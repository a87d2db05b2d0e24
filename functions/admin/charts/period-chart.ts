import { addDays, dayNumber } from '../../../db/days.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

export interface ChartedDay {
  readonly day: string;
  readonly orders_count: number;
  readonly total_revenue: string;
}

export interface DayChart {
  /** Oldest first; days without orders may be absent. */
  readonly days: readonly ChartedDay[];
  /** The rightmost day, with which the period ends. */
  readonly lastDay: string;
  /** How many days are drawn. */
  readonly period: number;
  /** Whether the period before, which `days` has too, is drawn behind. */
  readonly withBefore?: boolean;
  /** Where the orders of a day are listed. */
  href(day: string): string;
}

/**
 * A drawing is stretched to the width that there is; its text is outside, where it stays readable.
 */
const HEIGHT = 100;
const STEP = 10;
const BAR = { alone: 8, front: 6, behind: 10 };

/**
 * Revenue and orders by day as two rows of bars over the same days. The digits are in the table
 * beside it; here they become binary fractions, which only bars are drawn by.
 */
export function dayChart(chart: DayChart): Html {
  const { lastDay, period } = chart;
  return html`<figure class="chart">
${panel(chart, 'Revenue', (day) => Number(day.total_revenue))}
${panel(chart, 'Orders', (day) => day.orders_count)}
<figcaption class="chart-row"><time>${addDays(lastDay, 1 - period)}</time>${
    chart.withBefore && html`<span>pale: ${period} days before</span>`
  }<time>${lastDay}</time></figcaption>
</figure>`;
}

function panel(chart: DayChart, title: string, measure: (day: ChartedDay) => number): Html {
  const { days, lastDay, period, withBefore, href } = chart;
  const firstDay = addDays(lastDay, 1 - period);
  const values = days.map(measure);
  const highest = niceCeiling(Math.max(0, ...values));
  const lowest = niceCeiling(Math.max(0, ...values.map((value) => -value)));
  const scale = HEIGHT / (highest + lowest || 1);
  const zero = highest * scale;
  const middle = zero / 2;
  const width = period * STEP;

  /** A day's bar, `later` days to the right of its own place. */
  const bar = (day: ChartedDay, bar: number, later: number, kind?: string) => {
    const height = measure(day) * scale;
    const x = (dayNumber(day.day) + later - dayNumber(firstDay)) * STEP + (STEP - bar) / 2;
    const told = `${day.day}: ${money(day.total_revenue)}, ${counted(day.orders_count, 'order')}`;
    return html`<a href="${href(day.day)}" tabindex="-1" aria-label="${told}"><rect x="${x}" y="${round(height < 0 ? zero : zero - height)}" width="${bar}" height="${round(Math.abs(height))}"${kind && html` class="${kind}"`}><title>${told}</title></rect></a>
`;
  };
  const own = days.filter(({ day }) => day >= firstDay);
  const before = withBefore ? days.filter(({ day }) => day < firstDay) : [];
  const label = `${title} by day, ${firstDay} to ${lastDay}; the table below has the figures`;
  const scaleText = lowest === 0 && highest > 1 ? `line ${money(String(highest / 2))} · top ` : '';
  return html`<div class="chart-row"><strong>${title}</strong><span>${scaleText}${count(highest)}</span></div>
<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="group" aria-label="${label}">
<line x1="0" x2="${width}" y1="0" y2="0" class="grid"/><line x1="0" x2="${width}" y1="${round(middle)}" y2="${round(middle)}" class="grid"/>
${before.map((day) => bar(day, BAR.behind, period, 'before'))}${own.map((day) => bar(day, withBefore ? BAR.front : BAR.alone, 0))}<line x1="0" x2="${width}" y1="${round(zero)}" y2="${round(zero)}" class="axis"/>
</svg>`;
}

const NICE = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5];

/** The next round number, so that the highest bar takes two thirds of the height or more. */
function niceCeiling(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(value));
  const nice = NICE.find((step) => step * power >= value) ?? 10;
  return Math.max(1, nice * power);
}

/** To tenths of a hundredth of the height: finer is not seen, and every digit is sent. */
const round = (value: number) => Math.round(value * 10) / 10;
