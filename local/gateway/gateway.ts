import { createServer } from 'node:http';
import { clientGone } from '../aws/client-gone.ts';
import { httpDate, systemClock } from '../aws/clock.ts';
import { type Listening, listenOnLoopback } from '../aws/loopback.ts';
import { type Answer, internalServerError } from './answer.ts';
import { newRequestId } from './event.ts';
import { reasonOf } from './reason.ts';
import { createPipeline, type PipelineOptions } from './request-pipeline.ts';

// Stands in for an HTTP API of API Gateway in front of Lambda functions. It leaves out stages other
// than the default one, CORS, JWT authorizers, parameter mapping, TLS and access logs.

export interface GatewayOptions extends PipelineOptions {
  /** @default a free one */
  readonly port?: number;
  /** Told one line a request. */
  readonly log?: (line: string) => void;
  /** Told of every answer as it is sent. */
  readonly onAnswer?: (answer: SentAnswer) => void;
}

export interface SentAnswer extends Answer {
  readonly method: string;
  /** Without its query, percent-encoded. */
  readonly path: string;
  /** From the request's head to the answer. */
  readonly latencyMs: number;
}

/** An HTTP API on loopback. */
export async function startGateway(options: GatewayOptions): Promise<Listening> {
  const { port = 0, log = () => {}, onAnswer = () => {}, clock = systemClock } = options;
  const answer = createPipeline(options);
  const http = createServer({ maxHeaderSize: 64 * 1024 }, async (message, response) => {
    const startedAt = clock.now();
    const requestId = newRequestId();
    const gone = clientGone(response);
    const { status, headers, body } = await answer(message, requestId, gone).catch((error) => {
      if (!gone.aborted) log(`The gateway failed: ${error instanceof Error ? error.stack : error}`);
      return internalServerError();
    });
    const { method = '', url = '' } = message;
    const [path = ''] = url.split('?');
    const asked = `${method} ${path}`;
    const latencyMs = clock.now() - startedAt;
    if (gone.aborted) return log(`${asked} the client has gone after ${latencyMs} ms`);
    message.resume();
    const sent = {
      date: httpDate(clock),
      ...headers,
      'content-length': body.length,
      'apigw-requestid': requestId,
    };
    response.writeHead(status, sent);
    response.end(method === 'HEAD' ? undefined : body);
    onAnswer({ method, path, latencyMs, status, headers: sent, body });
    log(`${asked} ${status} ${latencyMs} ms${reasonOf({ status, headers, body })}`);
  });
  return listenOnLoopback(http, port);
}
