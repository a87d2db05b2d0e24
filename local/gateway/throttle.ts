import type { Clock } from '../aws/clock.ts';
import type { LocalThrottle } from '../cloud-assembly/model.ts';

/** Says of each request whether it may pass. */
export type Throttle = () => boolean;

/** A token bucket, as API Gateway's: `burstLimit` at once, `rateLimit` a second after that. */
export function createThrottle({ rateLimit, burstLimit }: LocalThrottle, clock: Clock): Throttle {
  let tokens = burstLimit;
  let filledAt = clock.now();
  return () => {
    const nowMs = clock.now();
    tokens = Math.min(burstLimit, tokens + ((nowMs - filledAt) / 1_000) * rateLimit);
    filledAt = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
