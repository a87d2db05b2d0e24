import type { ListedRun } from '../../../db/admin/nightly-runs.ts';
import { count, counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
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
  return scrollable(
    'Runs',
    html`<table>
  <caption class="hidden">Runs of the nightly job, newest first</caption>
  <thead><tr>
    <th scope="col">Started (UTC)</th><th scope="col">Days</th><th scope="col">Status</th>
    <th scope="col" class="num">Drift</th><th scope="col" class="num">Days checked</th>
    <th scope="col" class="num">Rows checked</th><th scope="col" class="num">Took</th>
  </tr></thead>
  <tbody>${runs.map(
    (run) => html`<tr>
    <th scope="row"><time>${run.started_at}</time></th>
    <td>${days(run)}${run.kind === 'backfill' && html` <span class="muted">by hand</span>`}</td>
    <td><span class="badge ${TONES[run.status]}">${run.status}</span>${
      run.error && html`<p class="field-error">${run.error}</p>`
    }</td>
    <td class="num">${drift(run)}${damaged(run)}</td>
    <td class="num">${known(run.days_checked)}</td>
    <td class="num">${known(run.rows_checked)}</td>
    <td class="num">${run.duration_ms === null ? '–' : duration(run.duration_ms)}</td>
  </tr>`,
  )}</tbody>
</table>`,
  );
}

const days = ({ first_day, last_day }: ListedRun) =>
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
