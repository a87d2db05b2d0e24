import type { IncomingMessage } from 'node:http';
import { type Clock, systemClock } from '../aws/clock.ts';
import type { LocalHttpApi, LocalRoute } from '../cloud-assembly/model.ts';
import { type Invoke, isThrottled } from '../lambda/invocation.ts';
import {
  type Answer,
  functionAnswer,
  gatewayAnswer,
  internalServerError,
  serviceUnavailable,
} from './answer.ts';
import type { TextBodies } from './body-encoding.ts';
import { type ReceivedRequest, toEvent } from './event.ts';
import { authorizeByIam } from './iam.ts';
import { LambdaAuthorizers } from './lambda-authorizer.ts';
import { INTEGRATION_MS, PAYLOAD_BYTES, REQUEST_LINE_AND_HEADERS_BYTES } from './limits.ts';
import { createRouter, type RouteMatch } from './routes.ts';
import { createThrottle, type Throttle } from './throttle.ts';
import { withTimeout } from './timeout.ts';

export interface PipelineOptions {
  readonly api: LocalHttpApi;
  readonly invoke: Invoke;
  /**
   * Whether the templates' throttles hold: they are for a cloud that everybody reaches.
   * @default false
   */
  readonly throttled?: boolean;
  /** Which bodies functions get as text. @default 'content-type' */
  readonly textBodies?: TextBodies;
  /** For caches, throttles, signatures and limits of time. @default the system's */
  readonly clock?: Clock;
}

/**
 * What happens with a request: routed, throttled, received, authorized, answered by its function.
 */
export function createPipeline(options: PipelineOptions) {
  const { api, invoke, throttled = false, textBodies = 'content-type' } = options;
  const { clock = systemClock } = options;
  const router = createRouter(api.routes);
  const authorizers = new LambdaAuthorizers(invoke, clock);
  const throttles = new Map<LocalRoute, Throttle>();
  if (throttled) {
    for (const route of api.routes)
      if (route.throttle) throttles.set(route, createThrottle(route.throttle, clock));
  }

  return async (
    message: IncomingMessage,
    requestId: string,
    gone: AbortSignal,
  ): Promise<Answer> => {
    if (headBytes(message) > REQUEST_LINE_AND_HEADERS_BYTES)
      return gatewayAnswer(431, 'Request Header Fields Too Large');
    const [rawPath = '', query = ''] = splitUrl(message.url ?? '');
    const path = decodedPath(rawPath);
    if (path === undefined) return gatewayAnswer(400, 'Bad Request');
    const method = message.method ?? '';
    const match = router(method, path);
    if (!match) return gatewayAnswer(404, 'Not Found');
    if (throttles.get(match.route)?.() === false) return gatewayAnswer(429, 'Too Many Requests');
    const body = await receive(message);
    if (!body) return gatewayAnswer(413, 'Request Entity Too Large');
    return authorized({ message, method, path, query, body, requestId }, match, gone);
  };

  async function authorized(
    request: ReceivedRequest,
    match: RouteMatch,
    gone: AbortSignal,
  ): Promise<Answer> {
    const event = toEvent(request, match, api, clock.now(), textBodies);
    const { authorization } = match.route;
    switch (authorization.type) {
      case 'NONE':
        return answeredBy(match.route, event, gone);
      case 'AWS_IAM': {
        const authorizer = authorizeByIam(request, clock);
        if (!authorizer) return gatewayAnswer(403, 'Forbidden');
        return answeredBy(match.route, withAuthorizer(event, authorizer), gone);
      }
      case 'CUSTOM': {
        const verdict = await authorizers.authorize(authorization.authorizer, event, gone);
        if (verdict.kind !== 'authorized') return REFUSALS[verdict.kind];
        return answeredBy(match.route, withAuthorizer(event, { lambda: verdict.context }), gone);
      }
    }
  }

  async function answeredBy(route: LocalRoute, event: unknown, gone: AbortSignal): Promise<Answer> {
    const run = (signal: AbortSignal) => invoke(route.function, event, signal);
    const invocation = await withTimeout(run, INTEGRATION_MS, gone, clock);
    if (!invocation || isThrottled(invocation)) return serviceUnavailable();
    if (invocation.ok) return functionAnswer(invocation.json);
    if (invocation.error.errorType === 'RequestTooLargeException')
      return gatewayAnswer(413, 'Request Entity Too Large');
    return internalServerError();
  }
}

const REFUSALS = {
  unauthenticated: gatewayAnswer(401, 'Unauthorized'),
  forbidden: gatewayAnswer(403, 'Forbidden'),
  failed: internalServerError(),
  throttled: serviceUnavailable(),
};

function withAuthorizer(event: ReturnType<typeof toEvent>, authorizer: object) {
  return { ...event, requestContext: { ...event.requestContext, authorizer } };
}

function headBytes({ method = '', url = '', rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, text) => sum + text.length, method.length + url.length);
}

function splitUrl(url: string): string[] {
  const at = url.indexOf('?');
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

/**
 * An HTTP API hands paths over percent-decoded and loses what follows a decoded question mark.
 *
 * @see https://github.com/middleapi/standard-server/pull/93 where that was looked at on AWS
 */
function decodedPath(rawPath: string): string | undefined {
  try {
    return decodeURIComponent(rawPath).split('?')[0];
  } catch {
    return undefined;
  }
}

/** The whole body, or `undefined` when it is larger than API Gateway takes. */
async function receive(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= PAYLOAD_BYTES) chunks.push(chunk); // read to the end: some clients listen only then
  }
  return size <= PAYLOAD_BYTES ? Buffer.concat(chunks) : undefined;
}
