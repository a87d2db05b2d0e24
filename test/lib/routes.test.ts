import { describe, expect, inject, it } from 'vitest';
import { ROUTES, type Route } from '../../functions/routes.ts';
import type { Throttle } from '../../lib/constructs/order-api.ts';
import { getStage } from '../../lib/stages.ts';
import { readCloudAssembly } from '../../local/cloud-assembly/read.ts';

const AUTHORIZATIONS: Readonly<Record<Route['access'], string>> = {
  key: 'CUSTOM',
  iam: 'AWS_IAM',
  none: 'NONE',
};

describe('the table of routes', () => {
  it('is what the synthesized API has: no route more or less, each with its function, door and throttle', () => {
    const { httpApis } = readCloudAssembly(inject('cloud').assembly);
    const { throttles } = getStage('dev');
    const deployed = httpApis.flatMap((api) => api.routes);
    const declared = Object.entries<Route>(ROUTES);
    expect(
      deployed
        .map(({ routeKey, authorization, throttle, function: fn }) => ({
          routeKey,
          folder: fn.environment.POWERTOOLS_SERVICE_NAME,
          authorization: authorization.type,
          throttle,
        }))
        .sort(byRouteKey),
    ).toEqual(
      declared
        .map(([routeKey, { folder, access, throttle }]) => ({
          routeKey,
          folder,
          authorization: AUTHORIZATIONS[access],
          throttle: deployedThrottle(throttles[throttle]),
        }))
        .sort(byRouteKey),
    );
  });
});

function byRouteKey(one: { routeKey: string }, other: { routeKey: string }): number {
  return one.routeKey < other.routeKey ? -1 : 1;
}

function deployedThrottle({ requestsPerSecond, burst }: Throttle) {
  return { rateLimit: requestsPerSecond, burstLimit: burst };
}
