import type { DateLevel, OrderCounts } from '../../../db/admin/order-counts.ts';
import { boundsOf } from '../../../db/days.ts';
import { about, count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { type ListInput, listHref } from './input.ts';

/**
 * The way from all dates to a year, a month and a day, with how many orders each has.
 * Where the filter asks for what is not counted, the counts are left out.
 */
export function dateNavigation(
  input: ListInput,
  counts: OrderCounts,
  isCountable: boolean,
  today: string,
): Html | false {
  const { firstDay, lastDay } = input.filter;
  if (counts.parts.length === 0 && !firstDay && !lastDay) return false;
  const isDay = firstDay !== undefined && firstDay === lastDay;
  return html`<nav class="card dates" aria-label="By date">
  <p class="trail">${trail(input)}</p>
  ${
    !isDay &&
    html`<ul>${foldYears(counts.parts, today).map(({ text, first, last, count: orders }) => {
      return html`<li><a href="${listHref(input, { from: later(first, firstDay), to: earlier(last, lastDay) })}">${text}${
        isCountable &&
        html` <span class="muted">${counts.isExact ? count(orders) : `≈ ${about(orders)}`}</span>`
      }</a></li>`;
    })}</ul>`
  }
</nav>`;
}

interface Step {
  readonly text: string;
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

/** Orders may be of eight thousand years: so many up to this one are steps of their own. */
const MAX_YEARS = 40;

/** The parts as steps; years before and after those that are shown are one step each. */
function foldYears(parts: OrderCounts['parts'], today: string): Step[] {
  const past = parts.filter(({ date }) => date <= today).length;
  const end = Math.max(past, MAX_YEARS);
  const start = Math.max(0, end - MAX_YEARS);
  return [
    ...span(parts.slice(0, start)),
    ...parts.slice(start, end).flatMap((part) => span([part])),
    ...span(parts.slice(end)),
  ];
}

function span(parts: OrderCounts['parts']): Step[] {
  const [first, last] = [parts.at(0), parts.at(-1)];
  if (!first || !last) return [];
  return [
    {
      text: first === last ? name(first.date) : `${name(first.date)} – ${name(last.date)}`,
      first: boundsOf(first.date)[0],
      last: boundsOf(last.date)[1],
      count: parts.reduce((sum, { count }) => sum + count, 0),
    },
  ];
}

/** `All dates › 2025 › November › 12`, all but the last as links. */
function trail(input: ListInput): Html {
  const { firstDay, lastDay } = input.filter;
  const steps: { text: string; href: string }[] = [
    { text: 'All dates', href: listHref(input, { from: undefined, to: undefined }) },
  ];
  const wholes =
    firstDay && lastDay
      ? [4, 7, 10].filter((length) => firstDay.slice(0, length) === lastDay.slice(0, length))
      : [];
  for (const length of wholes) {
    const date = (firstDay ?? '').slice(0, length);
    const [first, last] = boundsOf(date);
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
  )}${(firstDay || lastDay) && steps.at(-1)?.href !== current && html` <span aria-hidden="true">›</span> <strong>${firstDay ?? '…'} to ${lastDay ?? '…'}</strong>`}`;
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
