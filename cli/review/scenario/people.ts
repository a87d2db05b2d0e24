import { END_KEYS, type OrderSort } from '../../../db/admin/order-filter.ts';
import type { Door } from './door.ts';
import { DAY, NEXT_DAY } from './orders.ts';
import type { Seller } from './sellers.ts';

/** A new seller, with a key that was made by the API. */
export async function newSeller(door: Door, user: string): Promise<Seller> {
  const json = { user, label: 'erp' };
  const made = await door.ask('POST /admin/api/keys', '/admin/api/keys', { json, status: 201 });
  return { user, key: JSON.parse(made).key };
}

/** What was done to keys and sellers, by whom. */
export async function askForAuditLog(door: Door, { user }: Seller): Promise<void> {
  const page = (query: string) => door.ask('GET /admin/{proxy+}', `/admin/audit?${query}`);
  const before = '01994b5e-0000-7000-8000-000000000000';
  for (const query of [
    '',
    'actor=me',
    'action=key.create',
    `seller=${user}`,
    'seller_id=1',
    'target=a-1',
  ]) {
    await page(query);
  }
  await page(`before=${before}&actor=me&action=key.create&seller=${user}`);
}

/** Every page of the admin that there is, with each of its filters. */
export async function askForPages(door: Door, { user }: Seller): Promise<void> {
  await door.ask('GET /admin', '/admin');
  const page = (path: string) => door.ask('GET /admin/{proxy+}', path);
  await page('/admin/runs');
  await page('/admin/runs?before=01994b5e-0000-7000-8000-000000000000');

  const everything = `q=a-&status=new&seller=${user}&from=${DAY}&to=${NEXT_DAY}&changed=${DAY}&min=1&max=99`;
  const filters = [
    'q=a-',
    'q=green+tea',
    `q=${user}`,
    'q=none+of+them',
    'status=new',
    'status=NEW&status=paid',
    `changed=${DAY}`,
    `seller=${user}`,
  ];
  for (const query of ['', ...filters, `from=${DAY}`, 'min=1', everything]) {
    await page(`/admin/orders?${query}`);
  }
  for (const [sort, end] of Object.entries(END_KEYS)) {
    await page(`/admin/orders?sort=${sort}&before=${encodeURIComponent(end)}`);
    const begin = encodeURIComponent(END_KEYS[OPPOSITE[sort as OrderSort]]);
    await page(`/admin/orders?sort=${sort}&after=${begin}`);
  }
  // Node's own parser takes no variable called `of` here.
  for (const rows of ['orders', 'items']) {
    await page(`/admin/orders.csv?of=${rows}`);
    await page(`/admin/orders.ndjson?of=${rows}&${everything}`);
    await page(`/admin/orders.csv?of=${rows}&after=${encodeURIComponent(END_KEYS.oldest)}_1`);
  }
  await page('/admin/orders/a-1');

  for (const sort of ['revenue', 'orders', 'name']) {
    await page(`/admin/sellers?sort=${sort}`);
    await page(`/admin/sellers?sort=${sort}&q=${user}`);
  }
  await page(`/admin/sellers/${user}`);

  const uploads = await page('/admin/uploads');
  const [, id] = /\/admin\/uploads\/([0-9a-f-]{36})/.exec(uploads) ?? [];
  await page(`/admin/uploads?seller=${user}`);
  await page(`/admin/uploads?before=${id}`);
  await page(`/admin/uploads?seller=${user}&before=${id}`);
  await page(`/admin/uploads/${id}`);
}

const OPPOSITE: Readonly<Record<OrderSort, OrderSort>> = {
  newest: 'oldest',
  oldest: 'newest',
  highest: 'lowest',
  lowest: 'highest',
  changed: 'unchanged',
  unchanged: 'changed',
};

const AT = '2025-11-12 10:00:00.000000';

/** Keys, made and ended by the API and on pages. */
export async function askForKeys(door: Door, { user }: Seller): Promise<void> {
  const byApi = await newKey(door, user);
  const places = ['open', 'ended'].map((state) =>
    Buffer.from(`${state}_${AT}_${AT}_${byApi}`).toString('base64url'),
  );
  const queries = ['', ...places.map((place) => `after=${place}`)];
  for (const query of [...queries, `user=${user}`, `user=${user}&after=${places[0]}`]) {
    await door.ask('GET /admin/api/keys', `/admin/api/keys?${query}`);
  }
  for (const query of queries) {
    for (const state of ['', '&state=active', '&state=expired', '&state=revoked']) {
      await door.ask('GET /admin/{proxy+}', `/admin/keys?${query}${state}`);
    }
  }
  const rotated = await door.ask(
    'POST /admin/api/keys/{id}/rotate',
    `/admin/api/keys/${byApi}/rotate`,
    {
      json: {},
      status: 201,
    },
  );
  const { id } = JSON.parse(rotated);
  await door.ask('POST /admin/api/keys/{id}/revoke', `/admin/api/keys/${id}/revoke`, {
    json: {},
  });

  const page = (path: string) => door.ask('GET /admin/keys/{proxy+}', path);
  const send = (path: string, form: Record<string, string>, status = 200) =>
    door.ask('POST /admin/keys/{proxy+}', path, { form, status });
  await page('/admin/keys/new');
  const asked = { label: 'erp', scope: 'orders:read' };
  for (const name of [user, `${user}x`]) {
    const confirmed = await page(
      `/admin/keys/new/confirm?${new URLSearchParams({ ...asked, user: name })}`,
    );
    const [, keyId = ''] = /name="id" value="([^"]+)"/.exec(confirmed) ?? [];
    await send('/admin/keys/new', { ...asked, user: name, new_seller: name, id: keyId }, 201);
  }
  const onPages = await newKey(door, user);
  await page(`/admin/keys/${onPages}/rotate`);
  await send(`/admin/keys/${onPages}/rotate`, { overlap_hours: '1' }, 201);
  await page(`/admin/keys/${onPages}/revoke`);
  await send(`/admin/keys/${onPages}/revoke`, {});
}

async function newKey(door: Door, user: string): Promise<string> {
  const json = { user, label: 'erp' };
  const made = await door.ask('POST /admin/api/keys', '/admin/api/keys', { json, status: 201 });
  return JSON.parse(made).id;
}

/** The document, and what erases sellers: by the API one, and by a page the other. */
export async function askForTheRest(door: Door, { user }: Seller, other: Seller): Promise<void> {
  await door.ask('GET /api/openapi.json', '/api/openapi.json');
  await door.ask('GET /api/docs', '/api/docs');
  await door.ask('GET /admin/api/sellers', `/admin/api/sellers?user=${user}`);
  const json = { user, confirm: user };
  await door.ask('POST /admin/api/sellers/erase', '/admin/api/sellers/erase', { json });
  const asked = await door.ask('GET /admin/erase-seller', `/admin/erase-seller?name=${other.user}`);
  const [, id = ''] = /name="id" value="(\d+)"/.exec(asked) ?? [];
  const form = { user: other.user, id, confirm: other.user };
  await door.ask('POST /admin/erase-seller', '/admin/erase-seller', { form });
}
