import { type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../aws/account.ts';
import type { Invocation } from './invocation.ts';

const signer = new SignatureV4({
  service: 'lambda',
  region: LOCAL_REGION,
  credentials: LOCAL_CREDENTIALS,
  sha256: Sha256,
});

/**
 * Invokes a function over Lambda's API at `endpoint`, and waits for its answer as long as the
 * function may run.
 *
 * @param signal after which nobody waits; what has begun goes on
 * @throws a system error, such as `ECONNRESET`, when there is no whole answer
 */
export async function invokeOver(
  endpoint: string,
  functionName: string,
  event: unknown,
  signal?: AbortSignal,
): Promise<Pick<Invocation & { ok: true }, 'ok' | 'json'> | (Invocation & { ok: false })> {
  const { protocol, hostname, port, host } = new URL(endpoint);
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`;
  const body = JSON.stringify(event);
  const { headers } = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    port: Number(port),
    path,
    headers: { host, 'content-type': 'application/json' },
    body,
  });
  const answer = await ask(new URL(path, endpoint), body, {
    method: 'POST',
    headers,
    agent: false,
    ...(signal && { signal }),
  });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
  if (!('x-amz-function-error' in answer.headers)) return { ok: true, json: answer.body };
  return { ok: false, timedOut: false, error: JSON.parse(answer.body) };
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Waits without an end: a function may run for 15 minutes, and `fetch` gives up after five. */
function ask(url: URL, body: string, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      const { statusCode: status, headers } = response;
      text(response).then((body) => resolve({ status, headers, body }), reject);
    });
    asked.on('error', reject).end(body); // also after the answer has begun
  });
}
