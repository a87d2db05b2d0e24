import { createServer } from 'node:http';
import { clientGone } from '../aws/client-gone.ts';
import { httpDate, systemClock } from '../aws/clock.ts';
import { type Listening, listenOnLoopback } from '../aws/loopback.ts';
import { internalServerError } from './answer.ts';
import { newRequestId } from './event.ts';
import { createPipeline, type PipelineOptions } from './request-pipeline.ts';

// Stands in for an HTTP API of API Gateway in front of Lambda functions. It leaves out stages other
// than the default one, CORS, JWT authorizers, parameter mapping, TLS and access logs.

export interface GatewayOptions extends PipelineOptions {
  /** @default a free one */
  readonly port?: number;
  /** Told one line a request. */
  readonly log?: (line: string) => void;
}

/** An HTTP API on loopback. */
export async function startGateway(options: GatewayOptions): Promise<Listening> {
  const { port = 0, log = () => {}, clock = systemClock } = options;
  const answer = createPipeline(options);
  const http = createServer({ maxHeaderSize: 64 * 1024 }, async (message, response) => {
    const startedAt = performance.now();
    const requestId = newRequestId();
    const gone = clientGone(response);
    const { status, headers, body } = await answer(message, requestId, gone).catch((error) => {
      if (!gone.aborted) log(`The gateway failed: ${error instanceof Error ? error.stack : error}`);
      return internalServerError();
    });
    const asked = `${message.method} ${message.url?.split('?')[0]}`;
    const ms = Math.round(performance.now() - startedAt);
    if (gone.aborted) return log(`${asked} the client has gone after ${ms} ms`);
    message.resume();
    response.writeHead(status, {
      date: httpDate(clock),
      ...headers,
      'content-length': body.length,
      'apigw-requestid': requestId,
    });
    response.end(message.method === 'HEAD' ? undefined : body);
    log(`${asked} ${status} ${ms} ms`);
  });
  return listenOnLoopback(http, port);
}
