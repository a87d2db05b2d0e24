import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { type Verifier, verifySignature } from '../../aws/sigv4.ts';
import type { Counters } from '../control/counters.ts';
import { CutConnection, type Faults } from '../control/faults.ts';
import { answerControl, isControl } from '../control/routes.ts';
import { asDataApiError, CallerGoneError, DataApiError } from '../errors.ts';
import type { Backend } from '../operations/backend.ts';
import { HANDLERS } from '../operations/handlers.ts';
import { OPERATION_BY_PATH, type Operation } from '../operations/names.ts';
import { Input } from '../request/input.ts';
import { parseJson } from '../request/json.ts';
import { type Answer, errorAnswer, send, successAnswer } from './answer.ts';
import { receiveBody } from './body.ts';

/** From here on, reading a request takes milliseconds. */
const LARGE_BYTES = 256 * 1024;

export interface Service {
  readonly backend: Backend;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly verifier: Verifier;
  readonly log: (line: string) => void;
}

/** What happens with a request: received, checked, perhaps made to fail, run, answered. */
export function createListener(service: Service): RequestListener {
  return (request, response) => {
    handle(service, request, response).catch((error) => {
      // Also a client that goes away while it sends, which nobody waits for.
      if (!isNoAnswer(error)) service.log(`No answer: ${String(error)}`);
      response.destroy();
    });
  };
}

async function handle(
  service: Service,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { counters, verifier } = service;
  if (isControl(request)) return answerControl(service, request, response);
  const operation = OPERATION_BY_PATH.get(request.url ?? '');
  if (!operation || request.method !== 'POST') {
    request.resume();
    send(response, errorAnswer(new DataApiError('UnknownOperationException')), verifier.clock);
    return;
  }
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableEnded) gone.abort(new CallerGoneError());
  });
  const answer = await answerTo(service, operation, request, gone.signal);
  counters.add(operation, {
    bytesOut: send(response, answer, verifier.clock),
    errors: answer.status < 400 ? 0 : 1,
  });
}

async function answerTo(
  service: Service,
  operation: Operation,
  request: IncomingMessage,
  gone: AbortSignal,
): Promise<Answer> {
  return answerOf(service, async () => {
    const { bytes, sha256 } = await receiveBody(request);
    service.counters.add(operation, { calls: 1, bytesIn: bytes.length });
    verifySignature(request, sha256, service.verifier);
    const fault = service.faults.next(operation);
    await fault.before();
    const answer = await answerOf(service, async () => {
      const body = parseJson(bytes);
      if (bytes.length > LARGE_BYTES) await letOthersRun();
      const input = new Input(body);
      const signal = fault.isDetached ? NEVER : gone;
      return successAnswer(await HANDLERS[operation](input, service.backend, signal));
    });
    fault.after(); // an answer that says an error can be lost too
    return answer;
  });
}

const NEVER = new AbortController().signal;

/** @throws what is no answer, such as a cut connection */
async function answerOf({ log }: Service, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const known = asDataApiError(error);
    if (known instanceof DataApiError) return errorAnswer(known);
    if (isNoAnswer(error)) throw error;
    log(`Internal failure: ${error instanceof Error ? error.stack : String(error)}`);
    return errorAnswer(new DataApiError('InternalFailure'));
  }
}

const isNoAnswer = (error: unknown) =>
  error instanceof CutConnection || error instanceof CallerGoneError;
