import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/**
 * An event as API Gateway sends it, payload format 2.0, in which only what matters is said.
 * The raw query string follows from the parameters, and the seller whose key was sent is the
 * `user` asked for.
 */
export function apiEvent(fields: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  const parameters = Object.entries(fields.queryStringParameters ?? {});
  const query = new URLSearchParams(parameters as [string, string][]).toString();
  const user = new URLSearchParams(fields.rawQueryString ?? query).get('user');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: query,
    headers: {},
    isBase64Encoded: false,
    ...fields,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: 'GET',
        path: '/',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '12/Nov/2025:10:00:00 +0000',
      timeEpoch: 0,
      ...keyOf(user ?? 'test_seller'),
      ...fields.requestContext,
    },
  };
}

/** A new request with `body`, as JSON when it is no text; the key sent is the user's. */
export function uploadEvent(body: unknown, fields: Partial<APIGatewayProxyEventV2> = {}) {
  const event = apiEvent({
    routeKey: 'POST /api/orders/upload',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...fields,
  });
  if (!fields.requestContext) Object.assign(event.requestContext, { requestId: randomUUID() });
  const { user } = (typeof body === 'object' && body ? body : {}) as { user?: unknown };
  if (typeof user === 'string') Object.assign(event.requestContext, keyOf(user));
  return event;
}

/** What `functions/authorize` has found of a seller's key, as a function gets it. */
export function keyOf(seller: string, more: object = {}) {
  const key = { seller, key_id: 'key', scopes: 'orders:write orders:read stats:read', ...more };
  return { authorizer: { lambda: key } } as object;
}

/** A Lambda context with this much time left. */
export function lambdaContext(remainingMs = 29_000): Context {
  return {
    functionName: 'function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function',
    memoryLimitInMB: '512',
    awsRequestId: 'request-1',
    logGroupName: 'log-group',
    logStreamName: 'log-stream',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => remainingMs,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
