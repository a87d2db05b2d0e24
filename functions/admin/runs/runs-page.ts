import type { ListedRun } from '../../../db/admin/nightly-runs.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { count, counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { TONES } from './verdict.ts';

export interface RunsPage {
  readonly runs: readonly ListedRun[];
  /** The id before which older runs begin; `undefined` when there are none. */
  readonly older: string | undefined;
  /** Whether these are the newest. */
  readonly isFirst: boolean;
  /** When the next run is due. */
  readonly next: string;
  /** How the last night went. */
  readonly lastNight: Html;
}

export function runsPage({ runs, older, isFirst, next, lastNight }: RunsPage): Html {
  return html`<div class="head"><h1>Nightly runs</h1><p>The next one is due at <time>${next}</time> UTC</p></div>
<p class="card pad">${lastNight}</p>
<p class="lead">The nightly job computes the day that has ended again from its orders, and some older days with it. Where the
figures differed from the orders, that is drift: it is repaired, and should never be. Where an order has other items than
were uploaded, only its seller can fix it, by uploading the order again.</p>
<div class="card">${
    runs.length === 0
      ? html`<div class="empty"><h2>No run yet</h2><p class="muted">The first one appears here when it begins.</p></div>`
      : table(runs)
  }${
    (older || !isFirst) &&
    html`<nav class="pages" aria-label="Pages">
    <span>${!isFirst && html`<a class="button" href="/admin/runs">Newest runs</a>`}</span>
    <span>${older && html`<a class="button" href="/admin/runs?before=${older}">Older runs</a>`}</span>
  </nav>`
  }</div>`;
}

function table(runs: readonly ListedRun[]): Html {
  return cardTable<ListedRun>(
    'Runs of the nightly job, newest first',
    [
      { head: 'Started (UTC)', cell: ({ started_at }) => html`<time>${started_at}</time>` },
      { head: 'Days', cell: days },
      { head: 'Status', kind: 'wide', cell: status },
      { head: 'Drift', kind: 'num', cell: (run) => html`${drift(run)}${damaged(run)}` },
      { head: 'Days checked', kind: 'num', cell: ({ days_checked }) => known(days_checked) },
      { head: 'Rows checked', kind: 'num', cell: ({ rows_checked }) => known(rows_checked) },
      {
        head: 'Took',
        kind: 'num',
        cell: ({ duration_ms }) => (duration_ms === null ? '–' : duration(duration_ms)),
      },
    ],
    runs,
  );
}

function status({ status, error }: ListedRun): Html {
  return html`<span class="badge ${TONES[status]}">${status}</span>${
    error && html`<p class="field-error text">${error}</p>`
  }`;
}

const days = ({ kind, ...period }: ListedRun) =>
  html`${spanOf(period)}${kind === 'backfill' && html` <span class="muted">by hand</span>`}`;

const spanOf = ({ first_day, last_day }: Pick<ListedRun, 'first_day' | 'last_day'>) =>
  first_day === last_day
    ? html`<time>${first_day}</time>`
    : html`<time>${first_day}</time> to <time>${last_day}</time>`;

function drift({ drift_found, drift_repaired }: ListedRun): Html | string {
  if (drift_found === 0) return 'none';
  const what = counted(drift_found, 'row');
  const left = drift_found === drift_repaired ? 'repaired' : `${count(drift_repaired)} repaired`;
  return html`<span class="badge bad">${what}, ${left}</span>`;
}

function damaged({ orders_damaged }: ListedRun): Html | undefined {
  if (orders_damaged === 0) return undefined;
  return html` <span class="badge bad">${counted(orders_damaged, 'order')} damaged</span>`;
}

const known = (number: number | null) => (number === null ? '–' : count(number));

/** `850 ms`, `12.3 s`, `4 min 10 s` */
function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
