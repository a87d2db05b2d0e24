import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createSigner } from '../../cli/target/sign.ts';
import { signedRequest } from '../../cli/target/signed-request.ts';
import type { UploadedItem, UploadedOrder } from '../../db/uploads/order-columns.ts';
import { readCloudAssembly } from '../../local/cloud-assembly/read.ts';
import type { Endpoints } from '../../local/service/endpoints.ts';
import { askDocumented } from '../helpers/contract/documented.ts';
import { prepareDataFolder, useDataFolder } from '../helpers/data-folder.ts';
import { freePort } from '../helpers/free-port.ts';

const data = useDataFolder();
const ROOT = join(import.meta.dirname, '../..');

/** Values that stand in orders alone: one for every field that an order and an item have. */
const item: UploadedItem = {
  sku: 'canary-sku',
  name: 'Канарейка',
  quantity: 2_147_480_047,
  price: '76543.21',
};
const order: UploadedOrder = {
  order_number: 'canary-number',
  created_at: '2025-11-12T10:11:12.131415Z',
  total_amount: '7654321.09',
  status: 'canary-status',
  items: [item],
};

/** As they would stand in a line of a log. */
const { items: _, ...ORDER_ALONE } = { ...order, created_at: '10:11:12.131415' };
const WORDS = [...Object.values(ORDER_ALONE), ...Object.values(item)].map(String);

async function run(file: string, ...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [file, ...args, '--data', data.folder], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return output + errors;
}

/** `npm start`, with every line that it prints. */
async function start() {
  const args = ['bin/start.ts', '--data', data.folder, '--port', await freePort()];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (line.includes('Ready on ')) ready.resolve();
    });
  }
  const closed = once(child, 'close');
  await Promise.race([ready.promise, closed]);
  const endpoints = JSON.parse(readFileSync(data.endpoints, 'utf8')) as Endpoints;
  return {
    lines,
    endpoints,
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** Deletes an order as people do, by the page that asks, and undoes that. */
async function deleteByForm({ api: origin, dataApi, credentials }: Endpoints, number: string) {
  const sign = createSigner({ origin, region: dataApi.region, credentials });
  const ask = async (method: 'GET' | 'POST', address: string, fields = '') => {
    const { pathname: path, searchParams: query } = new URL(address, origin);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    };
    const body = Buffer.from(fields);
    const signed = await sign({ method, path, query, headers, body });
    const answer = await fetch(origin + signed.path, {
      method,
      headers: signed.headers,
      ...(method === 'POST' && { body }),
    });
    expect([address, answer.status]).toEqual([address, 200]);
    return answer.text();
  };
  const doAsAsked = async (address: string) => {
    const page = await ask('GET', address);
    const inputs = page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
    const fields = new URLSearchParams();
    for (const [, name = '', value = ''] of inputs) fields.append(name, value);
    return ask('POST', new URL(address, origin).pathname, String(fields));
  };
  const done = await doAsAsked(`/admin/actions/delete-order?number=${number}`);
  const [, id] = /uploads\/([\da-f-]{36})/.exec(done) ?? [];
  await doAsAsked(`/admin/actions/undo-upload?id=${id}`);
}

describe('a run of the whole', () => {
  it('logs neither keys nor passwords nor what is in orders', async () => {
    prepareDataFolder(data);
    const { lines, endpoints, stop } = await start();
    const secrets: string[] = [];
    try {
      const { api, sellerKey } = endpoints;
      secrets.push(sellerKey);
      const ask = async (
        path: string,
        key: string,
        body?: string,
        method = body === undefined ? 'GET' : 'POST',
      ) => {
        const answered = await askDocumented(api + path, {
          method,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
          body,
        });
        answer = answered.text;
        return answered.status;
      };
      let answer = '';
      const upload = (key: string, body: object | string) =>
        ask('/api/orders/upload', key, typeof body === 'string' ? body : JSON.stringify(body));
      const mine = { user: 'test_seller', orders: [order] };

      // What goes well.
      expect(await upload(sellerKey, mine)).toBe(200);
      expect(await ask('/api/orders/stats?user=test_seller', sellerKey)).toBe(200);
      expect(await ask('/api/orders/stats/daily?user=test_seller', sellerKey)).toBe(200);
      const { order_number, total_amount, status } = order;
      const numbered = `/api/orders?user=test_seller&order_number=${order_number}`;
      expect(await ask(numbered, sellerKey)).toBe(200);
      expect(await ask(`/api/orders?user=test_seller&status=${status}`, sellerKey)).toBe(200);
      expect(await ask('/api/orders/changes?user=test_seller', sellerKey)).toBe(200);
      const days = 'from=2025-11-12&to=2025-11-13';
      expect(await ask(`/api/orders/digest?user=test_seller&${days}`, sellerKey)).toBe(200);
      expect(await ask('/api/uploads?user=test_seller', sellerKey)).toBe(200);
      const numbers = `user=test_seller&order_number=${order.order_number}`;
      expect(await ask(`/api/orders?${numbers}`, sellerKey, undefined, 'DELETE')).toBe(200);
      const { upload_id } = JSON.parse(answer);
      const undo = `/api/uploads/${upload_id}/undo`;
      expect(await ask(undo, sellerKey, '')).toBe(200);
      expect(await ask(`${undo}?conflicts=refuse`, sellerKey, '')).toBe(409);
      expect(await ask(`${undo}?conflicts=${item.sku}`, sellerKey, '')).toBe(400);
      const [otherKey = ''] = (await run('bin/keys.ts', 'create', 'other')).split('\n');
      const [rotated = ''] = (
        await run('bin/keys.ts', 'rotate', otherKey.split('_')[2] ?? '')
      ).split('\n');
      await run('bin/keys.ts', 'revoke', rotated.split('_')[2] ?? '');
      await run('bin/keys.ts', 'list', 'other');
      secrets.push(otherKey, rotated);
      expect(await run('bin/nightly.ts', '--from', '2025-11-12', '--to', '2025-11-13')).toContain(
        '1 day computed',
      );
      await deleteByForm(endpoints, order.order_number);
      const { secretsManager: endpoint, dataApi, credentials } = endpoints;
      const client = new SecretsManager({ endpoint, region: dataApi.region, credentials });
      const db = new pg.Client(endpoints.postgres);
      await db.connect();

      // What is refused.
      const bad = { ...order, total_amount: `${total_amount}0001`, status: status.repeat(9) };
      expect(await upload(sellerKey, { ...mine, orders: [bad] })).toBe(400);
      expect(await upload(sellerKey, { ...mine, orders: [order, order] })).toBe(400);
      expect(await upload(sellerKey, `{"user": ${item.name} ${order_number}`)).toBe(400);
      expect(await upload(sellerKey, { user: 'other', orders: [order] })).toBe(403);
      expect(await upload(otherKey, { user: 'other', orders: [order] })).toBe(409);
      expect(await upload(`${sellerKey.slice(0, -1)}x`, mine)).toBe(401);
      expect(await ask(`/api/orders/stats?user=test_seller&from=${item.sku}`, sellerKey)).toBe(400);
      expect(await ask(`/api/orders/stats?user=${item.name}`, sellerKey)).toBe(403);
      expect(await ask(`${numbered.repeat(9)}&after=${item.sku}`, sellerKey)).toBe(400);
      const broken = `/api/orders/changes?user=test_seller&after=${order_number}`;
      expect(await ask(broken, sellerKey)).toBe(400);

      // What fails: PostgreSQL would like to show the row.
      await db.query('ALTER TABLE order_items ADD CHECK (price < 0) NOT VALID');
      const changed = { ...order, items: [{ ...item, quantity: item.quantity - 1 }] };
      expect(await upload(sellerKey, { ...mine, orders: [changed] })).toBe(500);
      await db.end();

      const both = { user: 'test_seller', confirm: 'test_seller' };
      const erased = await signedRequest(
        { origin: api, region: dataApi.region, credentials },
        { method: 'POST', path: '/admin/api/sellers/erase', body: both },
      );
      expect(await erased.json()).toMatchObject({ orders_deleted: 1, items_deleted: 1 });

      for (const { secretArn: SecretId } of readCloudAssembly(data.assembly).secrets) {
        const { SecretString = '{}' } = await client.getSecretValue({ SecretId });
        secrets.push(JSON.parse(SecretString).password);
      }
      client.destroy();
    } finally {
      await stop();
    }

    // An event is published with what all orders of its day come to, here one's alone.
    const terminal = lines.filter((line) => !line.includes(' Event DailyOrderStatsComputed on '));
    const files = [
      ...readdirSync(data.logs).map((file) => join(data.logs, file)),
      join(data.postgres, 'server.log'),
    ];
    const logged = [
      ...terminal,
      ...files.flatMap((file) => readFileSync(file, 'utf8').split('\n')),
    ];
    expect(logged.some((line) => line.includes('orders uploaded'))).toBe(true);
    expect(logged.some((line) => line.includes('upload undone'))).toBe(true);
    expect(logged.some((line) => line.includes('"order deleted"'))).toBe(true);
    expect(logged.some((line) => line.includes('violates check constraint'))).toBe(true);
    const changes = logged.filter((line) =>
      /"message":"(key (created|rotated|revoked)|seller erased in part)"/.test(line),
    );
    expect(changes.length).toBeGreaterThanOrEqual(5);
    expect(JSON.parse(changes.find((line) => line.includes('erased')) ?? '{}')).toMatchObject({
      seller: 'test_seller',
      done: false,
      orders_deleted: 1,
    });
    for (const line of changes) {
      expect(JSON.parse(line).caller).toBe('arn:aws:iam::000000000000:user/local');
    }

    // Of a key also its secret part alone.
    const parts = secrets.flatMap((one) =>
      one.startsWith('oa_') ? [one, one.split('_')[3] ?? ''] : [one],
    );
    expect(parts.length).toBeGreaterThan(10);
    expect(parts.filter((part) => part.length < 20)).toEqual([]);
    for (const forbidden of [...parts, ...WORDS, String(item.quantity - 1)]) {
      expect(logged.filter((line) => line.includes(forbidden))).toEqual([]);
    }
  });
});
