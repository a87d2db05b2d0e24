const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * When the nightly statistics are computed next.
 *
 * @param at a time of day in UTC, as `00:15`
 * @returns `2025-11-13 00:15`
 */
export function nextNight(at: string, nowMs: number): string {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const midnightMs = nowMs - (nowMs % DAY_MS);
  const todayMs = midnightMs + (hour * 60 + minute) * MINUTE_MS;
  const nextMs = todayMs > nowMs ? todayMs : todayMs + DAY_MS;
  return new Date(nextMs).toISOString().slice(0, 16).replace('T', ' ');
}
