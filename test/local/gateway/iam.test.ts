import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { route } from './api.ts';
import { start } from './started.ts';

/** The gateway with such a route, and what signs a request to it as AWS's clients do. */
async function startBehindIam() {
  const { endpoint, ...started } = await start([route('ANY /admin/{proxy+}', { type: 'AWS_IAM' })]);
  async function signed(path: string, { secret = 'local', method = 'GET', body = '' } = {}) {
    const url = new URL(endpoint + path);
    const signer = new SignatureV4({
      service: 'execute-api',
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: secret },
      sha256: Sha256,
    });
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
      ...(body && { body }),
    });
    return { method, headers, ...(body && { body }) };
  }
  return { ...started, signed };
}

describe('a route behind IAM', () => {
  it('lets a signed request pass, whatever is in its path and query, and says who signed', async () => {
    const { events, call, signed } = await startBehindIam();
    const path = "/admin/a%20b%2Fc'(1)!*/%D0%A7?q=%D1%87%D0%B0%D0%B9%20%26%20x&a=1&empty=";
    expect(await call(path, await signed(path))).toMatchObject({ status: 204 });
    expect(events[0]?.rawPath).toBe("/admin/a b/c'(1)!*/Ч");
    expect(events[0]?.requestContext).toMatchObject({
      authorizer: {
        iam: { accountId: '000000000000', userArn: 'arn:aws:iam::000000000000:user/local' },
      },
    });
    const post = await signed('/admin/x', { method: 'POST', body: 'a=1' });
    expect(await call('/admin/x', post)).toMatchObject({ status: 204 });
  });

  it('is 403 without a signature, with a wrong one, and for what was not signed', async () => {
    const { events, call, signed } = await startBehindIam();
    const forbidden = { status: 403, body: '{"message":"Forbidden"}' };
    expect(await call('/admin/x')).toMatchObject(forbidden);
    expect(await call('/admin/x', await signed('/admin/x', { secret: 'guess' }))).toMatchObject(
      forbidden,
    );
    expect(await call('/admin/y', await signed('/admin/x'))).toMatchObject(forbidden);
    expect(await call('/admin/x?a=1', await signed('/admin/x'))).toMatchObject(forbidden);
    const post = await signed('/admin/x', { method: 'POST', body: 'a=1' });
    expect(await call('/admin/x', { ...post, body: 'a=2' })).toMatchObject(forbidden);
    expect(events).toEqual([]);
  });
});
