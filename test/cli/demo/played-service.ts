import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../../local/aws/account.ts';
import { type Listening, listenOnLoopback } from '../../../local/aws/loopback.ts';
import type { ServiceEndpoints } from '../../../local/service/endpoints.ts';

/** Has the form of a key. */
export const KEY = `oa_test_${'k'.repeat(12)}_${'0'.repeat(64)}`;

/**
 * Plays a service to what `npm start` asks of it, with one key for all sellers.
 *
 * @param onUpload told of each upload before it is answered
 */
export async function playService(onUpload: () => void = () => {}) {
  const listening: Listening = await listenOnLoopback(
    createServer(async (message, response) => {
      const body = await buffer(message);
      const { pathname, searchParams } = new URL(message.url ?? '', 'http://127.0.0.1');
      const { authorization } = message.headers;
      const isOurs = authorization === `Bearer ${KEY}` || pathname === '/admin/api/keys';
      if (pathname === '/api/orders/upload') onUpload();
      response.writeHead(isOurs ? 200 : 401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ key: KEY, user: searchParams.get('user') ?? userIn(body), ...ANSWERED }),
      );
    }),
    0,
  );
  const endpoints = {
    api: listening.endpoint,
    credentials: LOCAL_CREDENTIALS,
    dataApi: { region: LOCAL_REGION },
  } as ServiceEndpoints;
  return { endpoints, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
}

function userIn(body: Buffer): string {
  const isPacked = body[0] === 0x1f;
  return JSON.parse((isPacked ? gunzipSync(body) : body).toString()).user;
}

/** All that any of the answers has. */
const ANSWERED = {
  id: 'k'.repeat(12),
  label: 'demo',
  scopes: [],
  state: 'active',
  created_at: '2025-01-01T00:00:00Z',
  last_used_at: null,
  expires_at: null,
  revoked_at: null,
  replaced_by: null,
  orders_created: 1,
  orders_updated: 0,
  orders_unchanged: 0,
  orders_stale: 0,
  orders_restored: 0,
  left_alone: [],
  orders_deleted: 1,
  not_found: [],
};
