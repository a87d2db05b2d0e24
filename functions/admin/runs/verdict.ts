import type { LastNight } from '../../../db/admin/health.ts';
import { addDays, dayOf } from '../../../db/days.ts';
import { counted } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

/** How late a night may begin before it counts as missing. */
const PATIENCE_MS = 30 * 60_000;

/**
 * What is to be said of the last night, in one line.
 *
 * @param night the last one that began; `null` when none did yet
 * @param at when nights begin: a time of day in UTC, as `00:15`
 */
export function verdict(night: LastNight | null, at: string, nowMs: number): Html {
  if (!night) return html`No night yet: the first begins at ${at} UTC.`;
  const due = lastDue(at, nowMs);
  if (Date.parse(night.started_at) < due.ms && nowMs > due.ms + PATIENCE_MS) {
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

function found({ status, drift_found, drift_repaired, orders_damaged }: LastNight) {
  const repaired = drift_found === drift_repaired ? 'repaired' : 'not all repaired';
  const drift =
    drift_found === 0 ? 'no drift' : `${counted(drift_found, 'row')} of drift, ${repaired}`;
  const isWrong = drift_found > 0 || orders_damaged > 0;
  return {
    tone: isWrong && status === 'succeeded' ? 'warn' : TONES[status],
    text: orders_damaged === 0 ? drift : `${drift}, ${counted(orders_damaged, 'order')} damaged`,
  };
}

/** When the last night should have begun, and which day it was to compute. */
function lastDue(at: string, nowMs: number): { readonly ms: number; readonly day: string } {
  const today = dayOf(nowMs);
  const startOf = (day: string) => Date.parse(`${day}T${at}:00Z`);
  const day = nowMs < startOf(today) ? addDays(today, -1) : today;
  return { ms: startOf(day), day: addDays(day, -1) };
}
