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
 * Invokes a function over Lambda's API at `endpoint`, and waits for its answer.
 *
 * @param signal after which nobody waits; what has begun goes on
 */
export async function invokeOver(
  endpoint: string,
  functionName: string,
  event: unknown,
  signal: AbortSignal | null = null,
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
  const response = await fetch(new URL(path, endpoint), { method: 'POST', headers, body, signal });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  if (!response.headers.has('x-amz-function-error')) return { ok: true, json: text };
  return { ok: false, timedOut: false, error: JSON.parse(text) };
}
