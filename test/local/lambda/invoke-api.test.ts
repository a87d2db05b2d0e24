import { createServer, type ServerResponse } from 'node:http';
import { Lambda } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../../local/aws/account.ts';
import { type Listening, listenOnLoopback } from '../../../local/aws/loopback.ts';
import type { LocalFunction } from '../../../local/cloud-assembly/model.ts';
import { startInvokeApi } from '../../../local/lambda/invoke-api.ts';
import { invokeOver } from '../../../local/lambda/invoke-client.ts';
import { post } from '../data-api/signed-request.ts';

const fn = {
  name: 'echo',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
  aliases: ['live'] as readonly string[],
} as LocalFunction;

let api: Listening;
beforeAll(async () => {
  api = await startInvokeApi({
    functions: [fn],
    invoke: async (invoked, event) =>
      event === 'fail' || event === 'TooManyRequestsException'
        ? {
            ok: false,
            timedOut: false,
            error: { errorType: event === 'fail' ? 'Error' : event, errorMessage: 'no' },
          }
        : {
            ok: true,
            json: JSON.stringify({ name: invoked.name, event }),
            maxRssBytes: 0,
            cpuMs: 0,
          },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

describe("Lambda's Invoke", () => {
  it.each([
    fn.name,
    fn.arn,
    `${fn.name}:live`,
    `${fn.arn}:live`,
  ])('invokes a function by %s and answers what it answers', async (name) => {
    expect(await invokeOver(api.endpoint, name, { a: 1 })).toEqual({
      ok: true,
      json: '{"name":"echo","event":{"a":1}}',
    });
  });

  describe('by a qualifier beside the name', () => {
    const invoke = (FunctionName: string, Qualifier: string) =>
      new Lambda({
        endpoint: api.endpoint,
        region: LOCAL_REGION,
        credentials: LOCAL_CREDENTIALS,
        maxAttempts: 1,
      }).invoke({ FunctionName, Qualifier });

    it.each([
      [fn.name, 'live'],
      [fn.arn, 'live'],
      [fn.name, '$LATEST'],
    ])('invokes %s, %s', async (name, qualifier) => {
      const { Payload } = await invoke(name, qualifier);
      expect(Payload?.transformToString()).toBe('{"name":"echo","event":{}}');
    });

    it('finds none by one that the function has not', () =>
      expect(invoke(fn.name, 'other')).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: 'Function not found: echo:other',
      }));
  });

  it("answers a function's error as its error", async () => {
    expect(await invokeOver(api.endpoint, 'echo', 'fail')).toMatchObject({
      ok: false,
      error: { errorType: 'Error', errorMessage: 'no' },
    });
  });

  it('is a 429 when too many run', async () => {
    await expect(invokeOver(api.endpoint, 'echo', 'TooManyRequestsException')).rejects.toThrow(
      '429 {"Type":"User","Reason":"ConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}',
    );
  });

  it.each([
    ['{', 'InvalidRequestContentException'],
    ['['.repeat(100_000) + ']'.repeat(100_000), 'InvalidRequestContentException'],
  ])('refuses a body that cannot be passed on: %.10s', async (body, type) => {
    const path = '/2015-03-31/functions/echo/invocations';
    const answer = await post({ endpoint: api.endpoint, service: 'lambda', path, body });
    expect(answer).toMatchObject({ status: 400, errorType: type });
  });

  it('finds no function by a name that is not percent-encoded', async () => {
    const path = '/2015-03-31/functions/%/invocations';
    const answer = await post({ endpoint: api.endpoint, service: 'lambda', path, body: '{}' });
    expect(answer).toMatchObject({ status: 404, errorType: 'ResourceNotFoundException' });
  });

  it('refuses a function that there is not', async () => {
    for (const name of ['other', `${fn.name}:other`]) {
      await expect(invokeOver(api.endpoint, name, {})).rejects.toThrow(
        `Function not found: ${name}`,
      );
    }
  });

  it('refuses a request that nobody signed', async () => {
    const url = `${api.endpoint}/2015-03-31/functions/echo/invocations`;
    const response = await fetch(url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
  });
});

describe('invokeOver', () => {
  it('waits for an answer for longer than fetch does', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const slow = createServer((_request, response) => void answered.then(() => response.end('1')));
    await using listening = await listenOnLoopback(slow, 0);
    await withHastyFetch(async () => {
      const invoked = invokeOver(listening.endpoint, 'echo', {});
      await expect(fetch(listening.endpoint)).rejects.toMatchObject({
        cause: { code: 'UND_ERR_HEADERS_TIMEOUT' },
      });
      answer();
      expect(await invoked).toEqual({ ok: true, json: '1' });
    });
  });

  it.each([
    ['before it has begun', () => {}],
    ['after it has begun', (response: ServerResponse) => response.writeHead(200).write('1')],
  ])('fails when the answer breaks off %s', async (_when, begin) => {
    const broken = createServer((_request, response) => {
      begin(response);
      setImmediate(() => response.socket?.resetAndDestroy());
    });
    await using listening = await listenOnLoopback(broken, 0);
    await expect(invokeOver(listening.endpoint, 'echo', {})).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
  });
});

/** Has `fetch` wait for a millisecond where it waits for five minutes. */
async function withHastyFetch(work: () => Promise<void>): Promise<void> {
  const holder = globalThis as unknown as Record<symbol, object>;
  const key = Symbol.for('undici.globalDispatcher.1');
  const patient = holder[key]!;
  const Agent = patient.constructor as new (options: object) => object;
  holder[key] = new Agent({ headersTimeout: 1 });
  try {
    await work();
  } finally {
    holder[key] = patient;
  }
}
