import type { LastNight } from '../../../db/admin/health.ts';
import { counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { isOverdue, lastDue } from './due.ts';

/**
 * What is to be said of the last night, in one line.
 *
 * @param night the last one that began; `null` when none did yet
 * @param at when nights begin: a time of day in UTC, as `00:15`
 */
export function verdict(night: LastNight | null, at: string, nowMs: number): Html {
  if (!night) return html`No night yet: the first begins at ${at} UTC.`;
  const due = lastDue(at, nowMs);
  if (Date.parse(night.started_at) < due.ms && isOverdue(due, nowMs)) {
    return html`Night of <time>${due.day}</time>: <span class="badge bad">MISSING</span>
It was due at ${at} UTC and has not begun. The last one was that of <time>${night.day}</time>.`;
  }
  const { tone, text } = found(night);
  return html`Night of <time>${night.day}</time>: <span class="badge ${tone}">${night.status}</span> ${text}`;
}

/** The colours of a run's status. */
export const TONES: Readonly<Record<LastNight['status'], string>> = {
  running: 'info',
  succeeded: 'good',
  unfinished: 'warn',
  failed: 'bad',
  abandoned: 'bad',
};

function found({ status, drift_found, drift_repaired, orders_damaged, has_left }: LastNight) {
  const repaired = drift_found === drift_repaired ? 'repaired' : 'not all repaired';
  const drift =
    drift_found === 0 ? 'no drift' : `${counted(drift_found, 'row')} of drift, ${repaired}`;
  const isWrong = drift_found > 0 || orders_damaged > 0 || has_left;
  const damaged = orders_damaged > 0 && `${counted(orders_damaged, 'order')} damaged`;
  const left = has_left && 'some of it left to another night';
  return {
    tone: isWrong && status === 'succeeded' ? 'warn' : TONES[status],
    text: [drift, damaged, left].filter(Boolean).join(', '),
  };
}
