import { expect, it, vi } from 'vitest';
import { withinGatewayTime } from '../../../functions/shared/gateway-time-limit.ts';
import { lambdaContext } from '../../helpers/events.ts';

const NOW = Date.UTC(2026, 10, 28);

it.each([
  ['has just come', NOW, 29_000],
  ['waited 13 s for a process', NOW - 13_000, 17_000],
  ['waited longer than the gateway', NOW - 31_000, -1_000],
  ['comes of a clock that is ahead', NOW + 2_000, 29_000],
  ['comes of a clock that is far behind', NOW - 3_600_000, 29_000],
  ['has no time, as of a test event by hand', Number.NaN, 29_000],
])('a request that %s has the time that is left', (_what, timeEpoch, leftMs) => {
  vi.spyOn(Date, 'now').mockReturnValue(NOW);
  const context = withinGatewayTime({ requestContext: { timeEpoch } }, lambdaContext(29_000));
  expect(context.getRemainingTimeInMillis()).toBe(leftMs);
});
