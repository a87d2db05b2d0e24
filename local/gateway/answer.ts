import { type OutgoingHttpHeaders, validateHeaderName, validateHeaderValue } from 'node:http';

/** What goes back to the caller. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** API Gateway's own answers, which a service cannot word. */
export function gatewayAnswer(status: number, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

export const internalServerError = () => gatewayAnswer(500, 'Internal Server Error');

/** A function that took too long, or that runs as often as it may already. */
export const serviceUnavailable = () => gatewayAnswer(503, 'Service Unavailable');

/**
 * What a function's result becomes: with a `statusCode` as it says,
 * without one a 200 whose body is the result. What cannot be an answer is a 500.
 *
 * @param json the function's result
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function functionAnswer(json: string): Answer {
  const result: unknown = JSON.parse(json);
  if (!isRecord(result) || result.statusCode === undefined) return inferredAnswer(result);
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const status = Number(statusCode);
  const isAnswer =
    Number.isInteger(status) &&
    status >= 200 &&
    status <= 599 &&
    isRecord(headers) &&
    Array.isArray(cookies) &&
    typeof body === 'string';
  if (!isAnswer) return internalServerError();
  const fields = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !CONNECTION_HEADERS.has(name));
  const setCookies = cookies.map(String);
  if (!fields.every(isHeader) || !setCookies.every((value) => isHeader(['set-cookie', value]))) {
    return internalServerError();
  }
  return {
    status,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(fields),
      ...(setCookies.length > 0 && { 'set-cookie': setCookies }),
    },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/**
 * What is between the gateway and its caller alone.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
const CONNECTION_HEADERS = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Whether HTTP can carry it: no line break, no character beyond Latin-1, a name that is a token.
 */
function isHeader([name, value]: readonly [string, string]): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function inferredAnswer(result: unknown): Answer {
  const text = typeof result === 'string' ? result : JSON.stringify(result);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(text),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
