import { counted } from '../counted.ts';
import type { Progress } from './backfill.ts';

const WIDTH = 30;

/** A line such as `██████░░░░ 120 of 365 days, next 2025-05-01, 2 rows repaired`. */
export function progressLine({ daysDone, days, at, driftFound }: Progress): string {
  const filled = Math.floor((daysDone / days) * WIDTH);
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
  const next = daysDone < days ? `, next ${at}` : '';
  return `${bar} ${daysDone} of ${counted(days, 'day')}${next}${driftFound > 0 ? `, ${counted(driftFound, 'row')} repaired` : ''}`;
}
