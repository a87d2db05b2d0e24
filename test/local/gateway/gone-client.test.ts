import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { route } from './api.ts';
import { failed, start, succeeded } from './started.ts';

describe('a request whose client goes away', () => {
  it('is told to the function that it waits for, and holds up nobody else', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    const { endpoint, call } = await start(
      [route('GET /'), route('GET /other')],
      {},
      {
        invoke: async (called, _event, signal) => {
          if (called.name === 'GET /other') return succeeded({ statusCode: 204 });
          asked.resolve(signal!);
          await once(signal!, 'abort');
          return failed(new Error('abandoned'));
        },
      },
    );
    const request = httpRequest(endpoint);
    request.on('error', () => {}); // we end it ourselves
    request.end();
    const signal = await asked.promise;
    expect(signal.aborted).toBe(false);
    request.destroy();
    await once(signal, 'abort');
    expect(await call('/other')).toMatchObject({ status: 204 });
  });
});
