import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/**
 * An event as API Gateway sends it, payload format 2.0, in which only what matters is said. The raw
 * query string follows from the parameters.
 */
export function apiEvent(fields: Partial<APIGatewayProxyEventV2> = {}): APIGatewayProxyEventV2 {
  const parameters = Object.entries(fields.queryStringParameters ?? {});
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: new URLSearchParams(parameters as [string, string][]).toString(),
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
      ...fields.requestContext,
    },
  };
}

/** An upload of `body`, as JSON when it is no text. */
export function uploadEvent(body: unknown, fields: Partial<APIGatewayProxyEventV2> = {}) {
  return apiEvent({
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...fields,
  });
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
