import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { localVerifier } from './account.ts';
import { clientGone } from './client-gone.ts';
import { type Clock, httpDate } from './clock.ts';
import { type Listening, listenOnLoopback } from './loopback.ts';
import { SIGNATURE_EXCEPTIONS, SignatureError, verifySignature } from './sigv4.ts';

/** What a service refuses, by the exception's name. */
export class AwsJsonError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface AwsJsonOptions {
  /** For which signatures are made: `events`, `secretsmanager`. */
  readonly service: string;
  /** Before the operation's name in `X-Amz-Target`: `AWSEvents`. */
  readonly targetPrefix: string;
  /** Each answers a request's parsed body, or throws an `AwsJsonError`. */
  readonly operations: Readonly<Record<string, (input: unknown) => object | Promise<object>>>;
  readonly log: (line: string) => void;
  readonly clock: Clock;
}

/** A service of AWS whose protocol is AWS JSON 1.1, on loopback; requests must be signed. */
export async function startAwsJson(options: AwsJsonOptions): Promise<Listening> {
  const http = createServer((request, response) => {
    const gone = clientGone(response);
    answer(request, options)
      .catch((error): Answer => {
        if (!gone.aborted) {
          options.log(`The stand-in for ${options.service} failed: ${String(error)}`);
        }
        return { status: 500, body: { __type: 'InternalFailure' } };
      })
      .then((result) => send(response, result, options.clock));
  });
  return listenOnLoopback(http, 0);
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function answer(
  request: IncomingMessage,
  { service, targetPrefix, operations, clock }: AwsJsonOptions,
): Promise<Answer> {
  const body = await buffer(request);
  const sha256 = createHash('sha256').update(body).digest('hex');
  try {
    verifySignature(request, sha256, localVerifier(service, clock));
    const [prefix, name = ''] = String(request.headers['x-amz-target']).split('.');
    const isKnown = prefix === targetPrefix && Object.hasOwn(operations, name);
    const operation = isKnown ? operations[name] : undefined;
    if (request.method !== 'POST' || !operation) {
      const known = Object.keys(operations).join(', ');
      throw new AwsJsonError('UnknownOperationException', `There is only ${known} here.`);
    }
    return { status: 200, body: await operation(parse(body)) };
  } catch (error) {
    if (error instanceof SignatureError)
      return refusal(SIGNATURE_EXCEPTIONS[error.fault], error.message);
    if (error instanceof AwsJsonError) return refusal(error.name, error.message);
    throw error;
  }
}

const refusal = (__type: string, message: string): Answer => ({
  status: 400,
  body: { __type, message },
});

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsJsonError('SerializationException', 'The body is no JSON.');
  }
}

function send(response: ServerResponse, { status, body }: Answer, clock: Clock): void {
  response.writeHead(status, {
    date: httpDate(clock),
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}
