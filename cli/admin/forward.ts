import { once } from 'node:events';
import http, {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { CHOSEN_BY } from '../../functions/shared/pages/chosen-by.ts';
import { ACTIONS_POLICY, ADMIN_POLICY, KEYS_POLICY, SELLERS_POLICY } from '../../lib/names.ts';
import { errorCode, toError } from '../caught.ts';
import { isExpired } from '../target/aws-errors.ts';
import { createSigner, type SignedRequest } from '../target/sign.ts';
import { ANSWERED_WITHIN_MS } from '../target/signed-request.ts';
import type { Target } from '../target/target.ts';
import { ReaderGoneError, readBody } from './body.ts';
import { type Page, sendPage } from './page.ts';

/** More than any form of the admin has; a signature needs the body whole. */
const MAX_BODY_BYTES = 64 * 1024;

/** What of a browser's request goes on; its cookie is the admin proxy's alone. */
const FORWARDED = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'user-agent',
];

/**
 * What of an answer concerns the one connection that it came over, or would write cookies here.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */
const DROPPED = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What to ask the target for. */
export interface Asked {
  /** Percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface Forwarder {
  /**
   * Answers with what the target answers, as it comes; with a page when it cannot.
   *
   * @throws {ReaderGoneError} when the browser has gone,
   * another error when an answer ends before its end
   */
  forward(message: IncomingMessage, asked: Asked, response: ServerResponse): Promise<void>;
  close(): void;
}

/** Sends requests on to the target, signed; follows no redirect. */
export function createForwarder(target: Target): Forwarder {
  const client = target.origin.startsWith('https:') ? https : http;
  const agent = new client.Agent({ keepAlive: true });
  const sign = createSigner(target);
  const ownHeaders: Record<string, string> = target.chosenBy
    ? { [CHOSEN_BY]: encodeURIComponent(target.chosenBy) }
    : {};

  /** A kept connection may have ended by the time that it is used again. */
  async function ask(
    signed: SignedRequest,
    body: Buffer,
    gone: AbortSignal,
    triesLeft = 1,
  ): Promise<IncomingMessage> {
    const request = client.request(target.origin + signed.path, {
      method: signed.method,
      headers: signed.headers,
      agent,
      signal: AbortSignal.any([gone, AbortSignal.timeout(ANSWERED_WITHIN_MS)]),
    });
    request.end(body);
    try {
      const [answer] = await once(request, 'response');
      return answer as IncomingMessage;
    } catch (error) {
      const isLost = request.reusedSocket && errorCode(error) === 'ECONNRESET';
      if (isLost && triesLeft > 0) return ask(signed, body, gone, triesLeft - 1);
      throw error;
    }
  }

  return {
    forward: async (message, asked, response) => {
      const body = await readBody(message, MAX_BODY_BYTES);
      if (!body) return sendPage(response, TOO_LARGE);
      // Pages have routes for GET alone, and people rights to it alone;
      // HEAD is GET without the body.
      const method = message.method === 'POST' ? 'POST' : 'GET';
      let answer: IncomingMessage;
      try {
        const headers = { ...forwardedHeaders(message), ...ownHeaders };
        const signed = await sign({ ...asked, method, headers, body });
        answer = await whileWaited(response, method, (gone) => ask(signed, body, gone));
      } catch (error) {
        if (response.destroyed) throw error; // nobody would read it in a page
        return sendPage(response, failure(toError(error), target));
      }
      if (isGatewaysOwn(answer)) {
        const words = gatewayWords(await text(answer));
        const policy = method === 'GET' ? ADMIN_POLICY : policyOfForm(asked.path);
        return sendPage(response, gatewayRefusal(answer.statusCode ?? 502, words, target, policy));
      }
      response.writeHead(answer.statusCode ?? 502, answerHeaders(answer));
      await pass(answer, response);
    },
    close: () => agent.destroy(),
  };
}

/**
 * Asks for a page as long as the browser waits for it: who reloads one that takes long
 * would else wait for each that nobody waits for. A form goes on: who has sent it and
 * leaves means what it says.
 *
 * @throws {ReaderGoneError} when the browser went before an answer came
 */
async function whileWaited<T>(
  response: ServerResponse,
  method: 'GET' | 'POST',
  ask: (gone: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  if (method === 'POST') return ask(controller.signal);
  const leave = () => controller.abort();
  if (response.destroyed) leave();
  response.once('close', leave);
  try {
    return await ask(controller.signal);
  } catch (cause) {
    throw controller.signal.aborted
      ? new ReaderGoneError('The browser has gone.', { cause })
      : cause;
  } finally {
    response.off('close', leave);
  }
}

/** Node leaves the body out where the browser asked by HEAD. */
async function pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  let isReaderGone = response.destroyed;
  response.once('close', () => {
    isReaderGone = !answer.destroyed || answer.complete; // else it was the answer that broke off
  });
  try {
    await pipeline(answer, response);
  } catch (cause) {
    throw isReaderGone ? new ReaderGoneError('The browser has gone.', { cause }) : cause;
  }
}

function forwardedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const ofConnection = connectionHeaders(headers);
  const names = FORWARDED.filter((name) => headers[name] !== undefined && !ofConnection.has(name));
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

function answerHeaders({ headers, headersDistinct }: IncomingMessage): OutgoingHttpHeaders {
  const ofConnection = connectionHeaders(headers);
  return Object.fromEntries(
    Object.entries(headersDistinct).filter(
      ([name]) => !DROPPED.includes(name) && !ofConnection.has(name),
    ),
  );
}

/** The headers that `Connection` names are for the one connection too. */
function connectionHeaders({ connection = '' }: IncomingHttpHeaders): ReadonlySet<string> {
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

/** API Gateway's own errors are JSON; the admin's are pages, or problem details of another type. */
function isGatewaysOwn({ statusCode = 0, headers }: IncomingMessage): boolean {
  return statusCode >= 400 && headers['content-type'] === 'application/json';
}

/** Its message, or all that it says. */
function gatewayWords(body: string): string {
  try {
    const { message }: { message?: unknown } = JSON.parse(body);
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}

/** The policy that lets people send a form of the admin. */
function policyOfForm(path: string): string {
  const [, , part] = path.split('/');
  if (part === 'keys') return KEYS_POLICY;
  return part === 'actions' ? ACTIONS_POLICY : SELLERS_POLICY;
}

function gatewayRefusal(status: number, words: string, { title }: Target, policy: string): Page {
  if (status !== 403) {
    return { status, title: `AWS answered ${status}`, sentences: [words] };
  }
  return {
    status,
    title: 'AWS does not let you in',
    sentences: [
      `It says: ${words}`,
      `Either your credentials have expired, then sign in again; or they may not do this at ${title}, then whoever deploys it attaches its policy ${policy} to you.`,
    ],
  };
}

function failure(error: Error, { title, origin }: Target): Page {
  const sentence = isExpired(error)
    ? 'Your AWS credentials have expired: sign in again, then reload this page.'
    : /Credentials|Token/.test(error.name)
      ? 'There are no usable AWS credentials any more: sign in again, then reload this page.'
      : `Nothing answers at ${origin}.`;
  return {
    status: 502,
    title: `The admin of ${title} cannot be reached`,
    sentences: [sentence, `What happened: ${error.message || error.name}`],
  };
}

const TOO_LARGE: Page = {
  status: 413,
  title: 'Too much at once',
  sentences: ['No form of the admin sends more than 64 KiB.'],
};
