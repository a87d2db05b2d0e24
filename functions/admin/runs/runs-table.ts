import type { ListedRun } from '../../../db/admin/nightly-runs.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { count, counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { Backfill, Entry, MissingNights } from './entries.ts';
import { together } from './together.ts';
import { TONES } from './verdict.ts';

type Cell = Html | string;

export function runsTable(entries: readonly Entry[]): Html {
  /** Of a run; what has not run has no such cell. */
  const ofRun = (cell: (run: ListedRun) => Cell) => (entry: Entry) => {
    if (entry.kind === 'missing') return '–';
    return cell(entry.kind === 'run' ? entry.run : together(entry.runs));
  };
  return cardTable<Entry>(
    'Runs of the nightly job, newest first',
    [
      { head: 'Started (UTC)', cell: started },
      { head: 'Days', cell: days },
      { head: 'Status', kind: 'wide', cell: statusOf },
      { head: 'Drift', kind: 'num', cell: ofRun((run) => html`${drift(run)}${damaged(run)}`) },
      { head: 'Days checked', kind: 'num', cell: ofRun((run) => known(run.days_checked)) },
      { head: 'Rows checked', kind: 'num', cell: ofRun((run) => known(run.rows_checked)) },
      { head: 'Took', kind: 'num', cell: ofRun((run) => took(run)) },
    ],
    entries,
  );
}

function started(entry: Entry): Html {
  if (entry.kind === 'missing')
    return html`<span class="muted">due</span> <time>${entry.due}</time>`;
  const { started_at } = entry.kind === 'run' ? entry.run : together(entry.runs);
  return html`<time>${started_at}</time>`;
}

function days(entry: Entry): Html {
  switch (entry.kind) {
    case 'missing':
      return spanOf(entry.firstDay, entry.lastDay);
    case 'run':
      return daysOf(entry.run);
    case 'backfill':
      return html`${daysOf(together(entry.runs))}${folded(entry)}`;
  }
}

function daysOf({ kind, first_day, last_day }: ListedRun): Html {
  return html`${spanOf(first_day, last_day)}${kind === 'backfill' && html` <span class="muted">by hand</span>`}`;
}

const spanOf = (first: string, last: string) =>
  first === last
    ? html`<time>${first}</time>`
    : html`<time>${first}</time> to <time>${last}</time>`;

/** Each run of a backfill, for who asks, and for everybody when one has failed. */
function folded({ runs }: Backfill): Html {
  return html`<details class="folded"${runs.some(({ error }) => error) && html` open`}><summary>${counted(runs.length, 'run')}</summary><ul class="plain">${runs.map(
    (run) =>
      html`<li>${spanOf(run.first_day, run.last_day)}: ${run.status}, ${took(run)}${
        run.drift_found > 0 && `, ${counted(run.drift_found, 'row')} of drift`
      }${problem(run)}</li>`,
  )}</ul></details>`;
}

function statusOf(entry: Entry): Html {
  if (entry.kind === 'missing') return missing(entry);
  const run = entry.kind === 'run' ? entry.run : together(entry.runs);
  return html`<span class="badge ${TONES[run.status]}">${run.status}</span>${entry.kind === 'run' && problem(run)}`;
}

function missing({ count: nights, isComputed }: MissingNights): Html {
  const many = nights > 1 && `${count(nights)} nights, `;
  return html`<span class="badge ${isComputed ? 'warn' : 'bad'}">MISSING</span> ${many}${isComputed ? '' : 'not '}computed since`;
}

const problem = ({ error }: ListedRun) => error && html`<p class="field-error text">${error}</p>`;

function drift({ drift_found, drift_repaired }: ListedRun): Cell {
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

const took = ({ duration_ms }: ListedRun) => (duration_ms === null ? '–' : duration(duration_ms));

/** `850 ms`, `12.3 s`, `4 min 10 s` */
function duration(ms: number): string {
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
