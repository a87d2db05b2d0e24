import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { LOCAL_ACCOUNT } from '../aws/account.ts';
import type { LocalHttpApi } from '../cloud-assembly/model.ts';
import { type TextBodies, travelsAsText } from './body-encoding.ts';
import type { RouteMatch } from './routes.ts';

/** A request as it came over the wire, its body whole. */
export interface ReceivedRequest {
  readonly message: IncomingMessage;
  readonly method: string;
  /** Percent-decoded, as the functions get it. */
  readonly path: string;
  /** As it came. */
  readonly query: string;
  readonly body: Buffer;
  readonly requestId: string;
}

/**
 * The event that a function gets, payload format 2.0, as far as it does not depend on who asks.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(
  request: ReceivedRequest,
  { route, pathParameters }: RouteMatch,
  api: LocalHttpApi,
  nowMs: number,
  textBodies: TextBodies,
): APIGatewayProxyEventV2 {
  const { message, method, path, query, body, requestId } = request;
  const { cookie, ...headers } = joinedHeaders(message);
  const isBase64Encoded = body.length > 0 && !travelsAsText(headers, textBodies);
  const queryStringParameters = parseQuery(query);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie && { cookies: cookie.split(/; */) }),
    headers: forwarded(headers, message),
    ...(queryStringParameters && { queryStringParameters }),
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: api.id,
      domainName: headers.host ?? '',
      domainPrefix: headers.host?.split(/[.:]/)[0] ?? '',
      http: {
        method,
        path,
        protocol: `HTTP/${message.httpVersion}`,
        sourceIp: message.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage: api.stage,
      time: accessLogTime(nowMs),
      timeEpoch: nowMs,
    },
    ...(pathParameters && { pathParameters: { ...pathParameters } }),
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

/** Ids that look like API Gateway's: 16 characters. */
export function newRequestId(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex')
    .toString('base64')
    .slice(0, 15)
    .concat('=');
}

/** A header that comes twice is one with a comma. */
function joinedHeaders({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values = []]) => [
      name,
      values.join(name === 'cookie' ? '; ' : ','),
    ]),
  );
}

function forwarded(headers: Record<string, string>, { socket }: IncomingMessage) {
  const chain = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join(', ');
  return {
    ...headers,
    'x-amzn-trace-id': `Root=1-${randomUUID().slice(0, 8)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    'x-forwarded-for': chain,
    'x-forwarded-port': String(socket.localPort),
    'x-forwarded-proto': 'http',
  };
}

function parseQuery(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.join(',')]));
}

/** `12/Nov/2025:10:00:00 +0000` */
function accessLogTime(nowMs: number): string {
  const [, day, month, year, time] = new Date(nowMs).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
