import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { localVerifier } from '../aws/account.ts';
import { clientGone } from '../aws/client-gone.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import { type Listening, listenOnLoopback } from '../aws/loopback.ts';
import { SIGNATURE_EXCEPTIONS, SignatureError, verifySignature } from '../aws/sigv4.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import type { Invoke } from './invocation.ts';
import { type Answer, invocationAnswer, refusal, send } from './invoke-answer.ts';

// Stands in for Lambda's Invoke operation, for AWS SDK clients with `AWS_ENDPOINT_URL_LAMBDA` and
// the AWS CLI with `--endpoint-url`. It leaves out asynchronous invocations, dry runs, versions,
// aliases other than those of the templates, the log's tail and every other operation.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

export interface InvokeApiOptions {
  readonly functions: readonly LocalFunction[];
  readonly invoke: Invoke;
  readonly log?: (line: string) => void;
  /** For signatures. @default the system's */
  readonly clock?: Clock;
}

/** Lets programs invoke functions by their names, over loopback. */
export async function startInvokeApi(options: InvokeApiOptions): Promise<Listening> {
  const { log = () => {}, clock = systemClock } = options;
  const http = createServer((request, response) => {
    const gone = clientGone(response);
    answerTo(request, { ...options, clock }, gone)
      .catch((error) => {
        if (!gone.aborted) log(`Lambda's Invoke failed: ${String(error)}`);
        return refusal(500, 'ServiceException', 'Internal failure.');
      })
      .then((answer) => send(response, answer, clock));
  });
  return listenOnLoopback(http, 0);
}

const INVOCATIONS = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?Qualifier=([^&]+))?$/;

async function answerTo(
  request: IncomingMessage,
  { functions, invoke, clock }: InvokeApiOptions & { readonly clock: Clock },
  gone: AbortSignal,
): Promise<Answer> {
  const body = await buffer(request);
  try {
    const sha256 = createHash('sha256').update(body).digest('hex');
    verifySignature(request, sha256, localVerifier('lambda', clock));
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return refusal(403, SIGNATURE_EXCEPTIONS[error.fault], error.message);
  }
  // A qualifier beside a name that has one already finds nothing; Lambda takes it when it is equal.
  const asked = (INVOCATIONS.exec(request.url ?? '') ?? [])
    .slice(1)
    .filter((part) => part !== undefined)
    .map(decoded)
    .join(':');
  const fn = functions.find((one) => namesOf(one).includes(asked));
  if (request.method !== 'POST' || asked === '') {
    return refusal(404, 'UnknownOperationException', 'There is only Invoke here.');
  }
  if (!fn) return refusal(404, 'ResourceNotFoundException', `Function not found: ${asked}`);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type !== 'RequestResponse') {
    return refusal(400, 'InvalidParameterValueException', `Invocation type ${type} is not known.`);
  }
  const event = parse(body.length > 0 ? body.toString() : '{}');
  if (!event)
    return refusal(
      400,
      'InvalidRequestContentException',
      'Could not parse request body into json.',
    );
  return invocationAnswer(await invoke(fn, event.value, gone));
}

/** By which a function is called: its name or ARN, each alone or with a qualifier. */
function namesOf({ name, arn, aliases }: LocalFunction): string[] {
  return [name, arn].flatMap((one) => [
    one,
    ...['$LATEST', ...aliases].map((alias) => `${one}:${alias}`),
  ]);
}

/** The text itself when it is not percent-encoded: no function is called that. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** `undefined` for what is no JSON, or nested deeper than can be passed on. */
function parse(text: string): { value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return { value };
  } catch {
    return undefined;
  }
}
