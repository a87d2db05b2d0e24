import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { Bar, Bars } from './bars.ts';
import { scaleOf } from './scale.ts';

/** What bars are as high as. */
export interface Measure {
  readonly title: string;
  /** Whether it counts. */
  readonly isWhole?: boolean;
  of(bar: Bar): number;
  text(bar: Bar): string;
}

export interface PanelOptions {
  /** Whether the period before, which the bars have too, is drawn behind. */
  readonly withBefore?: boolean;
  /** Where the orders of a bar are listed. */
  href(first: string, last: string): string;
}

/**
 * A drawing is stretched to the width that there is; its text is outside, where it stays readable.
 */
const HEIGHT = 100;
const STEP = 10;
const BAR = { alone: 8, front: 6, behind: 10 };

/** A row of bars under its title, over the period's first and last day. */
export function panel(bars: Bars, measure: Measure, { withBefore, href }: PanelOptions): Html {
  const { span, firstDay, lastDay, places } = bars;
  const { highest, lowest, broken } = scaleOf(bars.bars.map(measure.of), measure);
  const scale = HEIGHT / (highest + lowest || 1);
  const zero = highest * scale;
  const middle = zero / 2;
  const width = places * STEP;
  const isBroken = (bar: Bar) => measure.of(bar) === broken;
  const placeOf = ({ place }: Bar) => (place < 0 ? place + places : place);

  const draw = (bar: Bar, barWidth: number, kind?: string) => {
    const height = Math.min(Math.max(measure.of(bar) * scale, zero - HEIGHT), zero);
    const x = placeOf(bar) * STEP + (STEP - barWidth) / 2;
    const told = toldOf(bar, isBroken(bar));
    return html`<a href="${href(bar.first, bar.last)}" tabindex="-1" aria-label="${told}"><rect x="${x}" y="${round(height < 0 ? zero : zero - height)}" width="${barWidth}" height="${round(Math.abs(height))}"${kind && html` class="${kind}"`}><title>${told}</title></rect>${
      isBroken(bar) && breakOf(x, barWidth, height < 0)
    }</a>
`;
  };
  const own = bars.bars.filter(({ place }) => place >= 0);
  const before = withBefore ? bars.bars.filter(({ place }) => place < 0) : [];
  const far = [...before, ...own].find(isBroken);
  const label = `${measure.title} by ${span}, ${firstDay} to ${lastDay}; the table below has the figures`;
  const scaleText = lowest === 0 && highest > 1 ? `line ${money(String(highest / 2))} · top ` : '';
  return html`<div class="chart-row"><strong>${measure.title}</strong><span>${scaleText}${count(highest)}</span></div>
${far && numberAbove(measure.text(far), (placeOf(far) + 0.5) / places)}<svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="group" aria-label="${label}">
<line x1="0" x2="${width}" y1="0" y2="0" class="grid"/><line x1="0" x2="${width}" y1="${round(middle)}" y2="${round(middle)}" class="grid"/>
${before.map((bar) => draw(bar, BAR.behind, 'before'))}${own.map((bar) => draw(bar, withBefore ? BAR.front : BAR.alone))}<line x1="0" x2="${width}" y1="${round(zero)}" y2="${round(zero)}" class="axis"/>
</svg>
`;
}

/** What a bar says to who points at it or hears it. */
function toldOf(bar: Bar, isBroken: boolean): string {
  const days = bar.first === bar.last ? bar.first : `${bar.first} to ${bar.last}`;
  const figures = `${money(bar.total_revenue)}, ${counted(bar.orders_count, 'order')}`;
  return `${days}: ${figures}${isBroken ? '; the bar is broken off' : ''}`;
}

/** A gap across a bar that is longer than is drawn, near its end. */
function breakOf(x: number, width: number, isBelow: boolean): Html {
  const y = isBelow ? HEIGHT - 22 : 10;
  const [left, right] = [x - 1, x + width + 1];
  return html`<path class="break" d="M${left} ${y + 6}L${right} ${y}V${y + 6}L${left} ${y + 12}Z"/>`;
}

/**
 * The number of a broken bar at its place. This drawing is not stretched, and so its text is not.
 *
 * @param at where it is, from 0 at the left to 1
 */
function numberAbove(text: string, at: number): Html {
  const anchor = at < 0.2 ? 'start' : at > 0.8 ? 'end' : 'middle';
  return html`<svg class="chart-number" aria-hidden="true"><text x="${round(at * 100)}%" y="1em" text-anchor="${anchor}">${text}</text></svg>
`;
}

/** To tenths of a hundredth of the height: finer is not seen, and every digit is sent. */
const round = (value: number) => Math.round(value * 10) / 10;
