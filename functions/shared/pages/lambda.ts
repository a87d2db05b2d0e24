import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Hono } from 'hono';
import { withinGatewayTime } from '../gateway-time-limit.ts';
import type { IamEvent } from '../iam-caller.ts';
import type { PagesEnv } from './context.ts';

/**
 * Lets a Hono app answer what an HTTP API sends, payload format 2.0. Hono's own adapter takes
 * `rawPath` for a path as a browser writes it, while HTTP APIs hand it over decoded: an order `A#1`
 * would be `A`. Pages know no cookies and write no absolute addresses, so neither cookies nor the
 * host are handed on.
 */
export function lambdaHandler(app: Hono<PagesEnv>) {
  return async (event: IamEvent, context: Context): Promise<APIGatewayProxyStructuredResultV2> =>
    toResult(
      await app.fetch(toRequest(event), { event, context: withinGatewayTime(event, context) }),
    );
}

function toRequest(event: IamEvent): Request {
  const { rawPath, rawQueryString, headers, body, isBase64Encoded } = event;
  const path = rawPath.split('/').map(encode).join('/');
  const query = rawQueryString && `?${rawQueryString}`;
  const { method } = event.requestContext.http;
  const given = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (value && isHeader(name, value)) given.set(name, value);
  }
  return new Request(`https://admin.invalid${path}${query}`, {
    method,
    headers: given,
    ...(body !== undefined &&
      method !== 'GET' &&
      method !== 'HEAD' && { body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') }),
  });
}

/**
 * An event may have text in a header that HTTP does not know,
 * and that `Headers` throws at: no page reads it.
 */
function isHeader(name: string, value: string): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

/** A segment of a path as a browser writes it; `.` and `..` would be taken for folders. */
function encode(segment: string): string {
  return /^\.\.?$/.test(segment)
    ? segment.replaceAll('.', '%252E')
    : encodeURIComponent(segment.toWellFormed());
}

async function toResult(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    // `text()` would drop a byte order mark.
    body: Buffer.from(await response.arrayBuffer()).toString('utf8'),
    isBase64Encoded: false,
  };
}
