import pg from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import type { Service } from '../../local/service/service.ts';
import { startTestService } from '../helpers/service.ts';
import { TestClock } from '../helpers/test-clock.ts';
import { type HttpClient, httpClient } from './http-client.ts';

/** The whole service, and a new key of `test_seller` for each test. */
export function useAttackedService() {
  const clock = new TestClock();
  let service: Service;
  let api: HttpClient;
  let db: pg.Client;
  let key: string;
  beforeAll(async () => {
    service = await startTestService({ clock });
    api = httpClient(service.endpoints);
    db = new pg.Client(service.endpoints.postgres);
    await db.connect();
  });
  afterAll(async () => {
    await db.end();
    await service[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    clock.sleepUntil(new Date().toISOString()); // or clients would sign too late
    key = await createSellerKey(service.endpoints, 'test_seller');
  });
  return {
    clock,
    get service() {
      return service;
    },
    get api() {
      return api;
    },
    get db() {
      return db;
    },
    get key() {
      return key;
    },
    storedOrders: async () => (await db.query('SELECT FROM orders')).rowCount,
  };
}
