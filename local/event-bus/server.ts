import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LOCAL_REGION } from '../cloud-assembly/identities.ts';
import { listenOnLoopback } from '../loopback.ts';
import { LOCAL_CREDENTIALS, SignatureError, verifySignature } from '../sigv4.ts';
import { type BusEvent, putEvents, ValidationException } from './put-events.ts';

// Stands in for EventBridge's event buses, from the side that publishes: PutEvents in AWS JSON 1.1. It
// leaves out rules and targets, archives, and every other operation; who wants to know what was
// published reads `events` or the log.

export interface EventBusOptions {
  /** Names and ARNs of the buses that there are, beside `default`. */
  readonly buses: readonly string[];
  readonly log?: (line: string) => void;
  /** @default Date.now */
  readonly now?: () => number;
}

export interface EventBusServer {
  readonly endpoint: string;
  /** The newest 1,000 that were taken, oldest first. */
  readonly events: readonly BusEvent[];
  stop(): Promise<void>;
}

const KEPT_EVENTS = 1_000;

/** Event buses on loopback, for AWS SDK clients with `AWS_ENDPOINT_URL_EVENTBRIDGE`. */
export async function startEventBus(options: EventBusOptions): Promise<EventBusServer> {
  const { buses, log = () => {}, now = Date.now } = options;
  const events: BusEvent[] = [];

  async function answer(request: IncomingMessage): Promise<Answer> {
    const body = await buffer(request);
    const sha256 = createHash('sha256').update(body).digest('hex');
    const { method, headers } = request;
    try {
      verifySignature(request, sha256, {
        service: 'events',
        region: LOCAL_REGION,
        credentials: [LOCAL_CREDENTIALS],
        now,
      });
      if (method !== 'POST' || headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
        return refusal('UnknownOperationException', `There is only PutEvents here.`);
      }
      const { answers, events: taken } = putEvents(parse(body), buses);
      for (const event of taken) {
        events.push(event);
        log(`Event ${event.detailType} on ${event.bus}: ${JSON.stringify(event.detail)}`);
      }
      events.splice(0, events.length - KEPT_EVENTS);
      const FailedEntryCount = answers.length - taken.length;
      return { status: 200, body: { FailedEntryCount, Entries: answers } };
    } catch (error) {
      if (error instanceof SignatureError) return refusal(FAULTS[error.fault], error.message);
      if (error instanceof ValidationException) return refusal(error.name, error.message);
      throw error;
    }
  }

  const http = createServer((request, response) => {
    answer(request).then(
      (result) => send(response, result),
      (error) => {
        log(`The event bus failed: ${String(error)}`);
        response.destroy();
      },
    );
  });
  const { url, close } = await listenOnLoopback(http, 0);
  return { endpoint: url, events, stop: close };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const FAULTS = {
  missing: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  unknown_key: 'UnrecognizedClientException',
  invalid: 'InvalidSignatureException',
} as const;

const refusal = (__type: string, message: string): Answer => ({
  status: 400,
  body: { __type, message },
});

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ValidationException('The body is no JSON.');
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}
