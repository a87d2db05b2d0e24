import type { DateLevel, OrderCounts } from '../../../db/admin/order-counts.ts';
import { addDays } from '../../shared/days.ts';
import { about, count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { type ListInput, listHref } from './input.ts';

/**
 * The way from all dates to a year, a month and a day, with how many orders each has. Where the filter
 * asks for what is not counted, the counts are left out.
 */
export function dateNavigation(
  input: ListInput,
  counts: OrderCounts,
  isCountable: boolean,
): Html | false {
  const { from, to } = input.filter;
  if (counts.parts.length === 0 && !from && !to) return false;
  const isDay = from !== undefined && from === to;
  return html`<nav class="card dates" aria-label="By date">
  <p class="trail">${trail(input)}</p>
  ${
    !isDay &&
    html`<ul>${counts.parts.map(({ date, count: orders }) => {
      const [first, last] = bounds(date);
      return html`<li><a href="${listHref(input, { from: later(first, from), to: earlier(last, to) })}">${name(date)}${
        isCountable &&
        html` <span class="muted">${counts.isExact ? count(orders) : `≈ ${about(orders)}`}</span>`
      }</a></li>`;
    })}</ul>`
  }
</nav>`;
}

/** `All dates › 2025 › November › 12`, all but the last as links. */
function trail(input: ListInput): Html {
  const { from, to } = input.filter;
  const steps: { text: string; href: string }[] = [
    { text: 'All dates', href: listHref(input, { from: undefined, to: undefined }) },
  ];
  const wholes =
    from && to ? [4, 7, 10].filter((length) => from.slice(0, length) === to.slice(0, length)) : [];
  for (const length of wholes) {
    const date = (from ?? '').slice(0, length);
    const [first, last] = bounds(date);
    steps.push({ text: name(date), href: listHref(input, { from: first, to: last }) });
  }
  const current = listHref(input);
  return html`${steps.map(
    ({ text, href }, i) =>
      html`${i > 0 && html` <span aria-hidden="true">›</span> `}${
        href === current && i === steps.length - 1
          ? html`<strong aria-current="true">${text}</strong>`
          : html`<a href="${href}">${text}</a>`
      }`,
  )}${(from || to) && steps.at(-1)?.href !== current && html` <span aria-hidden="true">›</span> <strong>${from ?? '…'} to ${to ?? '…'}</strong>`}`;
}

/** The first and the last day of `2025`, `2025-11` or `2025-11-12`. */
function bounds(date: string): [string, string] {
  if (date.length === 10) return [date, date];
  if (date.length === 4) return [`${date}-01-01`, `${date}-12-31`];
  const first = `${date}-01`;
  return [first, addDays(`${addDays(first, 31).slice(0, 7)}-01`, -1)];
}

function name(date: string): string {
  const level = ({ 4: 'year', 7: 'month', 10: 'day' } as const)[date.length as 4 | 7 | 10];
  return NAMES[level](date);
}

const NAMES: Record<DateLevel, (date: string) => string> = {
  year: (date) => date,
  month: (date) => MONTHS[Number(date.slice(5)) - 1] ?? date,
  day: (date) => String(Number(date.slice(8))),
};

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const later = (day: string, bound: string | undefined) => (bound && bound > day ? bound : day);
const earlier = (day: string, bound: string | undefined) => (bound && bound < day ? bound : day);
