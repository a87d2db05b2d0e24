import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { signedRequest } from '../../cli/target/signed-request.ts';
import type { ServiceEndpoints } from '../../local/service/endpoints.ts';

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly headers: Headers;
  readonly text: string;
}

/** What sellers and people send to a service, and what they should not. */
export type HttpClient = ReturnType<typeof httpClient>;

export function httpClient({ api, dataApi, credentials }: ServiceEndpoints) {
  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${api}${path}`, init);
    const { status, headers } = response;
    return { status, type: headers.get('content-type'), headers, text: await response.text() };
  }

  return {
    ask,

    stats: (headers: Record<string, string>, query = '?user=test_seller') =>
      ask(`/api/orders/stats${query}`, { headers }),

    upload: (headers: Record<string, string>, body: object | string = uploadOf('test_seller')) =>
      ask('/api/orders/upload', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),

    /** Sends headers as they are written here, also twice. */
    async raw(path: string, headers: Record<string, string | string[]>): Promise<number> {
      const sent = request(`${api}${path}`, { headers });
      sent.end();
      const [response] = await once(sent, 'response');
      await text(response);
      return response.statusCode;
    },

    /** Asks for a key to be made or changed, signed. */
    changeKeys: (path: string, body: object) =>
      signedRequest(
        { origin: api, region: dataApi.region, credentials },
        { method: 'POST', path: `/admin/api/keys${path && `/${path}`}`, body },
      ),
  };
}

export const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

/** A key's id, which is a part of it. */
export const idOf = (key: string) => key.split('_')[2] ?? '';

export const uploadOf = (user: string, fields: object = {}, item: object = {}) => ({
  user,
  orders: [
    {
      order_number: '1',
      created_at: '2025-11-12T10:00:00Z',
      total_amount: 1,
      status: 'new',
      items: [{ sku: 'a', name: 'b', quantity: 1, price: 1, ...item }],
      ...fields,
    },
  ],
});

/** What API Gateway answers by itself where there is no key at all. */
export const GATEWAYS_401 = {
  status: 401,
  type: 'application/json',
  text: '{"message":"Unauthorized"}',
};

export function expectProblem(answer: Answer, status: number, detail: string): void {
  expect(answer).toMatchObject({ status, type: 'application/problem+json' });
  expect(JSON.parse(answer.text)).toMatchObject({
    status,
    detail,
    request_id: answer.headers.get('apigw-requestid'),
  });
  const challenge = answer.headers.get('www-authenticate');
  if (status === 401) expect(challenge).toContain('Bearer');
}
