import type { Door } from './door.ts';
import { DAY, largeOrder, NEXT_DAY, order } from './orders.ts';

/** Who asks. */
export interface Seller {
  readonly user: string;
  readonly key: string;
}

interface Sending {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a seller's system asks for, by each route that takes a key. */
export async function askAsSeller(door: Door, seller: Seller, other: Seller): Promise<void> {
  await uploadAll(door, seller, other);
  await readAll(door, seller);
  await amendAll(door, seller);
}

async function uploadAll(door: Door, { user, key }: Seller, other: Seller): Promise<void> {
  const path = '/api/orders/upload';
  const upload = (orders: readonly object[], { query = '', ...sent }: Sending = {}) =>
    door.ask('POST /api/orders/upload', path + query, { key, json: { user, orders }, ...sent });
  const orders = ['a-1', 'a-2', 'a-3'].map((number) => order(number));
  const paid = order('a-1', { status: 'paid', updated_at: `${NEXT_DAY}T10:00:00Z` });

  await upload(orders);
  await upload([paid, ...orders.slice(1)], { query: '?dry_run=true' });
  for (const _ of ['once', 'and again']) {
    await upload([paid, ...orders.slice(1)], { headers: { 'idempotency-key': 'once' } });
  }
  await upload([order('a-1', { updated_at: `${DAY}T10:00:00Z` })]); // too late
  const taken = { user: other.user, orders: [order('a-1')] };
  await door.ask('POST /api/orders/upload', path, { key: other.key, json: taken, status: 409 });
}

async function readAll(door: Door, { user, key }: Seller): Promise<void> {
  const period = `user=${user}&from=${DAY}&to=${NEXT_DAY}`;
  const filtered = `${period}&status=new&status=paid`;

  await door.ask('GET /api/whoami', '/api/whoami', { key });
  for (const query of [`user=${user}`, filtered]) {
    await door.ask('GET /api/orders/stats', `/api/orders/stats?${query}`, { key });
  }
  for (const granularity of ['day', 'week', 'month']) {
    const query = `${filtered}&granularity=${granularity}`;
    await door.ask('GET /api/orders/stats/daily', `/api/orders/stats/daily?${query}`, { key });
  }
  await door.ask('GET /api/orders/digest', `/api/orders/digest?${period}`, { key });
  await readOrders(door, key, [`user=${user}`, filtered]);
  const numbers = `/api/orders?user=${user}&order_number=a-1&order_number=none`;
  await door.ask('GET /api/orders', numbers, { key });
  await readPages(door, 'GET /api/orders/changes', `user=${user}&limit=2`, key);
  await readPages(door, 'GET /api/uploads', `user=${user}&limit=1`, key);
}

async function readOrders(door: Door, key: string, queries: readonly string[]): Promise<void> {
  for (const query of queries) {
    await door.ask('GET /api/orders', `/api/orders?${query}`, { key });
    await readPages(door, 'GET /api/orders', `${query}&limit=2`, key);
  }
}

/** A list's first pages: the second one begins at a place. */
async function readPages(
  door: Door,
  route: 'GET /api/orders' | 'GET /api/orders/changes' | 'GET /api/uploads',
  query: string,
  key: string,
): Promise<void> {
  const [, path = ''] = route.split(' ');
  const { next } = JSON.parse(await door.ask(route, `${path}?${query}`, { key }));
  await door.ask(route, `${path}?${query}&after=${encodeURIComponent(next)}`, { key });
}

async function amendAll(door: Door, { user, key }: Seller): Promise<void> {
  const upload = async (json: object) =>
    JSON.parse(await door.ask('POST /api/orders/upload', '/api/orders/upload', { key, json }));
  const remove = async (query: string, headers = {}) => {
    const path = `/api/orders?user=${user}&${query}`;
    return JSON.parse(await door.ask('DELETE /api/orders', path, { key, headers }));
  };
  const undo = async (id: string, query = '', headers = {}) => {
    const path = `/api/uploads/${id}/undo${query}`;
    return JSON.parse(await door.ask('POST /api/uploads/{id}/undo', path, { key, headers }));
  };

  const created = await upload({ user, orders: [order('b-1'), order('b-2')] });
  const path = `/api/uploads/${created.upload_id}`;
  await door.ask('GET /api/uploads/{id}', path, { key });
  const changed = await upload({ user, orders: [order('b-1', { status: 'paid', items: [] })] });
  await undo(changed.upload_id, '?conflicts=refuse');
  const deleted = await remove('order_number=b-1&order_number=none');
  await undo(deleted.upload_id, '', { 'idempotency-key': 'undo' });
  await undo(deleted.upload_id, '', { 'idempotency-key': 'undo' }); // a replay
  await undo(created.upload_id); // of which one order was changed since
  await remove('order_number=a-2', { 'idempotency-key': 'remove' });
}

/** An order of several calls, alone and beside another: all the others are found faster without. */
export async function askForLargeOrder(door: Door, { user, key }: Seller): Promise<void> {
  const upload = (orders: readonly object[], headers = {}) => {
    const json = { user, orders };
    return door.ask('POST /api/orders/upload', '/api/orders/upload', { key, headers, json });
  };
  await upload([largeOrder('large'), order('a-4')]);
  await upload([largeOrder('large', { status: 'paid' }), order('a-4', { items: [] })], {
    'idempotency-key': 'large',
  });
  const path = `/api/orders?user=${user}&order_number=large`;
  await door.ask('GET /api/orders', path, { key });
  await door.ask('GET /admin/{proxy+}', '/admin/orders/large?after_line=500');
}
