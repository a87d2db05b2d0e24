import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { LocalRoute } from '../../../local/cloud-assembly/model.ts';
import { startGateway } from '../../../local/gateway/gateway.ts';
import type { PipelineOptions } from '../../../local/gateway/request-pipeline.ts';
import type { Invocation } from '../../../local/lambda/invocation.ts';
import { httpApi } from './api.ts';

/**
 * A gateway of the test that calls it, with these routes.
 *
 * @param results what functions answer, by name; an error is what they fail with
 * @returns `events`: what functions were called with, authorizers too
 */
export async function start(
  routes: readonly LocalRoute[],
  results: Readonly<Record<string, unknown>> = {},
  options: Partial<PipelineOptions> = {},
) {
  const events: APIGatewayProxyEventV2[] = [];
  const gateway = await startGateway({
    api: httpApi(...routes),
    invoke: async (called, event) => {
      events.push(event as APIGatewayProxyEventV2);
      const result = results[called.name] ?? { statusCode: 204 };
      return result instanceof Error ? failed(result) : succeeded(result);
    },
    ...options,
  });
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  const { endpoint } = gateway;
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${endpoint}${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  return { endpoint, events, call };
}

export const succeeded = (result: unknown): Invocation => ({
  ok: true,
  json: JSON.stringify(result),
  maxRssBytes: 0,
  cpuMs: 0,
});

export const failed = ({ name, message }: Error): Invocation => ({
  ok: false,
  timedOut: false,
  error: { errorType: name, errorMessage: message },
});

/** What Lambda says when a function runs as often as it may. */
export const THROTTLED = Object.assign(new Error(), { name: 'TooManyRequestsException' });
