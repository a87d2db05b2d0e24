import type { MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Problem } from './problem.ts';
import { requireSmallBody } from './small-body.ts';

/**
 * Middleware that parses the JSON body of a POST. Anything else than JSON is refused, also where
 * nothing is in it: a page of somebody else's can make a browser send a form, but not
 * `application/json`.
 */
export function jsonBody(): MiddlewareObj<APIGatewayProxyEventV2> {
  const parser = httpJsonBodyParser<APIGatewayProxyEventV2>();
  return {
    before: async (request) => {
      const { event } = request;
      if (event.requestContext.http.method !== 'POST') return;
      if (!/^application\/json(;|$)/.test(event.headers['content-type'] ?? '')) {
        throw new Problem(415, { detail: 'Send application/json.' });
      }
      requireSmallBody(event);
      try {
        event.body ??= '{}';
        await parser.before?.(request);
      } catch {
        throw new Problem(400, { detail: 'The body is no JSON.' });
      }
    },
  };
}
