import { createKey } from '../keys/request.ts';
import type { Target } from '../target/target.ts';
import { type Api, expectFields, expectParts, expectStatus, expectText, inTime } from './ask.ts';
import { patiently } from './patiently.ts';
import type { Step } from './run-steps.ts';
import { changedOrder, days, sampleOrders, totals, totalsOfRest } from './sample.ts';

/** Should a run be killed, its key opens nothing for longer than this. */
const KEY_LIVES_MS = 3_600_000;

export interface SmokeRun {
  readonly target: Target;
  readonly api: Api;
  /** The test seller. */
  readonly user: string;
  /** How long to wait before a failure that may pass is tried again, each time. */
  readonly pausesMs?: readonly number[];
}

/** What is tried, in this order: every function that answers requests, and every figure. */
export function smokeSteps({ target, api, user, pausesMs }: SmokeRun, signal: AbortSignal): Step[] {
  let key = '';
  let id = '';
  let uploadId: unknown;
  const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) =>
    api.ask({ method, path, ...(body !== undefined && { body }) }, key);
  const upload = (orders: readonly unknown[]) =>
    ask('POST', '/api/orders/upload', { user, orders });

  return [
    {
      title: "a seller's key is made (a paused database wakes up first)",
      isNeeded: true,
      async run() {
        const expires_at = new Date(Date.now() + KEY_LIVES_MS).toISOString();
        const command = { name: 'create', user, label: 'smoke test', expires_at } as const;
        const made = await patiently(
          () => createKey(target, command, inTime(signal)),
          signal,
          pausesMs,
        );
        ({ key, id } = made);
      },
    },
    {
      title: 'the key opens the API for its seller',
      isNeeded: true,
      async run() {
        expectFields(await ask('GET', '/api/whoami'), { user, key_id: id });
      },
    },
    {
      title: 'nothing opens the API or the admin to strangers',
      async run() {
        const path = `/api/orders/stats?user=${user}`;
        const wrong = `${key.slice(0, -64)}${'0'.repeat(64)}`;
        expectStatus(await api.ask({ method: 'GET', path }, undefined), 401);
        expectStatus(await api.ask({ method: 'GET', path }, wrong), 401);
        expectStatus(await api.ask({ method: 'GET', path: '/admin/orders' }, undefined), 403);
        expectStatus(await ask('GET', '/api/orders/stats?user=somebody-else'), 403);
      },
    },
    {
      title: 'an upload stores three orders',
      isNeeded: true,
      async run() {
        const counts = { user, orders_created: 3, orders_updated: 0, orders_unchanged: 0 };
        const answer = await upload(sampleOrders(user));
        const body = expectFields(answer, { ...counts, items_count: 2, orders_stale: 0 });
        uploadId = Object(body).upload_id;
      },
    },
    {
      title: 'the same upload again changes nothing',
      async run() {
        const counts = { user, orders_created: 0, orders_updated: 0, orders_unchanged: 3 };
        expectFields(await upload(sampleOrders(user)), { ...counts, upload_id: null });
      },
    },
    {
      title: 'an order is changed',
      isNeeded: true,
      async run() {
        const counts = { user, orders_created: 0, orders_updated: 1, orders_unchanged: 0 };
        expectFields(await upload([changedOrder(user)]), { ...counts, items_count: 2 });
      },
    },
    {
      title: 'the statistics are right to the cent',
      async run() {
        expectText(await ask('GET', `/api/orders/stats?user=${user}`), totals(user));
      },
    },
    {
      title: 'so are those by day',
      async run() {
        const path = `/api/orders/stats/daily?user=${user}&from=2000-01-01&to=2000-01-03`;
        expectText(await ask('GET', path), days(user));
      },
    },
    {
      title: 'the orders are read back as they were sent',
      async run() {
        const [first, , third] = sampleOrders(user);
        const path = `/api/orders?user=${user}&from=2000-01-01&to=2000-01-03`;
        const orders = [first, changedOrder(user), third].map(asRead);
        expectFields(await ask('GET', path), { user, orders, next: null });
      },
    },
    {
      title: 'the upload has its receipt',
      async run() {
        const receipt = { upload_id: uploadId, key_id: id, orders_created: 3, items_count: 2 };
        expectFields(await ask('GET', `/api/uploads/${uploadId}`), receipt);
      },
    },
    {
      title: "the admin shows an order's page",
      async run() {
        const path = `/admin/orders/${user}-3`;
        const parts = [user, 'Cup &amp; &quot;saucer&quot;', '411,522.63', '1,234,567.89', 'paid'];
        expectParts(await api.askSigned({ method: 'GET', path }), parts);
      },
    },
    {
      title: "the admin shows the seller's figures",
      async run() {
        const path = `/admin/sellers/${user}`;
        const parts = ['<dd>3</dd>', '<dd>1,234,817.99</dd>', '<dd>411,606.00</dd>'];
        expectParts(await api.askSigned({ method: 'GET', path }), parts);
        const holdings = { user, orders_count: 3, total_revenue: '1234817.99', keys_count: 1 };
        const asked = { method: 'GET', path: '/admin/api/sellers', query: { user } } as const;
        expectFields(await api.askSigned(asked), holdings);
      },
    },
    {
      title: 'the admin says what deleting an order would do',
      async run() {
        const path = '/admin/actions/delete-order';
        const parts = ['1,234,567.89', '3 → 2', '1,234,817.99 → 250.10'];
        const query = { number: `${user}-3` };
        expectParts(await api.askSigned({ method: 'GET', path, query }), parts);
      },
    },
    {
      title: 'an order is deleted, and gone from the statistics',
      async run() {
        const path = `/api/orders?user=${user}&order_number=${user}-3`;
        expectFields(await ask('DELETE', path), { user, orders_deleted: 1, not_found: [] });
        expectText(await ask('GET', `/api/orders/stats?user=${user}`), totalsOfRest(user));
      },
    },
    {
      title: "the API's document and page are there",
      async run() {
        expectParts(await ask('GET', '/api/openapi.json'), ['"openapi":"3.1.']);
        expectParts(await ask('GET', '/api/docs'), ['POST /api/orders/upload']);
      },
    },
  ];
}

/** An order as it is read; amounts have two decimals, for which a number is exact enough here. */
function asRead({
  created_at,
  total_amount,
  items,
  ...order
}: ReturnType<typeof sampleOrders>[number] | ReturnType<typeof changedOrder>) {
  return {
    ...order,
    created_at: created_at.replace(/(:\d\d)Z$/, '$1.000000Z'),
    total_amount: Number(total_amount),
    items: items.map((item) => ({ ...item, price: Number(item.price) })),
  };
}
