import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import { type Example, listExamples } from '../../cli/openapi/examples.ts';
import type { Service } from '../../local/service/service.ts';
import { readText } from '../architecture/source-files.ts';
import { listOperations } from '../helpers/contract/document.ts';
import { emptyTables, ORDERS } from '../helpers/empty-tables.ts';
import { startTestService } from '../helpers/service.ts';
import { settled } from '../helpers/settled.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { parseWithNumbersAsText, ShownValues } from './as-shown.ts';

// Every code block of docs/api.md is played against a service that has no orders: the request of
// its heading, and the answer to the letter. ShownValues says what may be another value, and how.

interface Played {
  /** Does what comes before; says of own values what the document has in their place. */
  readonly given?: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** @default the heading */
  readonly request?: string;
  /** What is sent: JSON, or an upload of orders as the document shows one with other fields. */
  readonly body?: string | readonly Fields[];
  /** How the key is made. @default with all scopes, for ever */
  readonly key?: Parameters<typeof createSellerKey>[2];
}

type Fields = Readonly<Record<string, unknown>>;
/** What needs no answer: a part of requests, or a program. */
type Part = 'header' | 'body' | 'program';

const examples = listExamples('docs/api.md');
const shownIn = (heading: string, nth: number) =>
  examples.find((one) => one.heading === heading && one.nth === nth)?.text ?? '';

const HEADER = shownIn('Authentication', 1);
const UPLOAD = 'POST /api/orders/upload';
const BODY = shownIn(UPLOAD, 1);
const DIGEST = 'GET /api/orders/digest?user=test_seller&from=2025-11-12&to=2025-11-13';
const UPLOAD_ID = '019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f';

const PLAYED: Readonly<Record<string, readonly (Played | Part)[]>> = {
  Authentication: ['header'],
  [UPLOAD]: ['body', { body: BODY }],
  'Trying it first': [
    {
      given: shownOrder,
      request: `${UPLOAD}?dry_run=true`,
      body: [{ total_amount: 1000, items: shownItems().slice(0, 1) }],
    },
  ],
  'Messages that overtake each other': [
    {
      given: () => uploaded({ updated_at: '2025-11-12T12:00:00Z', status: 'newer' }),
      request: UPLOAD,
      body: [{ updated_at: '2025-11-12T11:00:00Z' }],
    },
  ],
  'GET /api/orders?user=test_seller&order_number=12345': [{ given: shownOrder }],
  'GET /api/orders?user=test_seller&from=2025-11-01&to=2025-12-01': [
    {
      given: () => uploaded({}, { order_number: 'next', created_at: '2025-11-13T00:00:00Z' }),
      request: 'GET /api/orders?user=test_seller&from=2025-11-01&to=2025-12-01&limit=1',
    },
  ],
  'GET /api/orders/changes?user=test_seller&after=CURSOR': [
    {
      async given() {
        await uploaded({ order_number: '12344' });
        await settled(db);
        const { next } = await send('GET /api/orders/changes?user=test_seller');
        await send('DELETE /api/orders?user=test_seller&order_number=12344');
        await shownOrder();
        await settled(db);
        return { [String(next)]: 'CURSOR' };
      },
    },
  ],
  'DELETE /api/orders?user=test_seller&order_number=12345': [
    {
      given: shownOrder,
      request: 'DELETE /api/orders?user=test_seller&order_number=12345&order_number=12346',
    },
  ],
  [DIGEST]: [{ given: shownOrder }],
  "How a day's digest is made": ['program'],
  'GET /api/uploads?user=test_seller': [{ given: shownOrder }],
  [`GET /api/uploads/${UPLOAD_ID}`]: [
    {
      given: async () => ({ [await shownUploadId()]: UPLOAD_ID }),
    },
  ],
  [`POST /api/uploads/${UPLOAD_ID}/undo`]: [
    {
      async given() {
        await uploaded({}, { order_number: 'changed' });
        const { upload_id } = await upload(
          ...['12345', 'changed', 'new'].map((order_number) => ({ order_number, status: 'wrong' })),
        );
        await uploaded({ status: 'later' });
        return { [String(upload_id)]: UPLOAD_ID };
      },
    },
  ],
  'GET /api/whoami': [
    { key: { scopes: ['orders:read', 'stats:read'], expires_at: '9999-12-31T00:00:00Z' } },
  ],
  'GET /api/orders/stats?user=test_seller': [
    {
      given: () =>
        uploaded(
          ...Array.from({ length: 9 }, (_, i) => ({ order_number: `${i}`, total_amount: 1234.57 })),
          { total_amount: 1234.54 },
        ),
    },
  ],
  'GET /api/orders/stats/daily?user=test_seller&from=2025-11-11&to=2025-11-13': [
    { given: shownOrder },
    {
      given: () =>
        uploaded(
          {},
          { order_number: 'later', created_at: '9999-12-30T00:00:00Z', total_amount: 5.5 },
          { order_number: 'last', created_at: '9999-12-31T00:00:00Z', total_amount: 5.5 },
        ),
      request: 'GET /api/orders/stats/daily?user=test_seller&from=2025-11-11&granularity=month',
    },
  ],
  Errors: [
    {
      request: UPLOAD,
      body: [
        { items: shownItems().map((item, i) => (i === 1 ? { ...item, quantity: -1 } : item)) },
        { order_number: '12346' },
        { order_number: '12347' },
        { order_number: '12346' },
      ],
    },
  ],
};

let service: Service;
let db: pg.Client;
let sellerKey: string;
/** With which requests are sent. */
let key: string;
const folder = temporaryFolder();

beforeAll(async () => {
  service = await startTestService();
  db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  sellerKey = await createSellerKey(service.endpoints, 'test_seller');
});
afterAll(async () => {
  await db.end();
  await service[Symbol.asyncDispose]();
});
beforeEach(async () => {
  key = sellerKey;
  await emptyTables(db, ORDERS);
});

describe('docs/api.md', () => {
  it('has no code block that is not played, and none is played that it has not', () => {
    const played = Object.entries(PLAYED).map(([heading, { length }]) => `${heading}: ${length}`);
    const blocks = Object.entries(Object.groupBy(examples, ({ heading }) => heading));
    expect(blocks.map(([heading, of]) => `${heading}: ${of?.length}`)).toEqual(played);
  });

  it.each(examples)('shows what is so: $heading ($nth)', async (example) => {
    const played = PLAYED[example.heading]?.[example.nth - 1];
    if (played === 'program') await playProgram(example);
    else if (played === 'header') playHeader(example);
    else if (played === 'body')
      expect(await sent(UPLOAD, example.text)).toMatchObject({ status: 200 });
    else await playAnswer(example, played ?? {});
  });
});

describe('docs/openapi.json', () => {
  it.each(
    listOperations().filter(({ route }) => !/upload$|openapi/.test(route)),
  )('has the parameters that $route knows', async ({ route, parameters }) => {
    const { text } = await sent(`${route.replace('{id}', UPLOAD_ID)}?nonsense=1`);
    const [, names = ''] = /Those are: ([\w, ]+)\./.exec(text) ?? [];
    expect(names.split(', ').sort()).toEqual(parameters);
  });

  it('is served to who has no key, and not again to who has it', async () => {
    const url = `${service.endpoints.api}/api/openapi.json`;
    const served = await fetch(url);
    expect(served.status).toBe(200);
    expect(await served.json()).toEqual(JSON.parse(readText('docs/openapi.json')));
    const known = { 'if-none-match': served.headers.get('etag') ?? '' };
    expect((await fetch(url, { headers: known })).status).toBe(304);
  });
});

async function playAnswer({ heading, text }: Example, played: Played): Promise<void> {
  const shown = parseWithNumbersAsText(text);
  if (played.key) key = await createSellerKey(service.endpoints, 'test_seller', played.key);
  const values = (await played.given?.()) ?? {};
  let request = played.request ?? heading;
  for (const [own, instead] of Object.entries(values)) request = request.replace(instead, own);
  const { body } = played;
  const answer = await sent(request, typeof body === 'string' ? body : body && uploadOf(body));
  const { status = 200 } = JSON.parse(text) as { status?: number };
  expect([answer.status, answer.type]).toEqual([
    status,
    status === 200 ? 'application/json' : 'application/problem+json',
  ]);
  const asShown = new ShownValues(values).of(parseWithNumbersAsText(answer.text), shown);
  // As text, since the order of the fields is the document's, too.
  expect(JSON.stringify(asShown, undefined, 1)).toBe(JSON.stringify(shown, undefined, 1));
}

function playHeader({ text }: Example): void {
  const [shown = ''] = /oa_\w+/.exec(text) ?? [];
  expect(sellerKey.replace('oa_test_', 'oa_live_')).toMatch(/^oa_live_[0-9a-z]{12}_[0-9a-f]{64}$/);
  expect(shown).toMatch(/^oa_live_[0-9a-z]{12}_[0-9a-f]+$/);
}

/** Makes the digest that the service answers of the orders that it gives back. */
async function playProgram({ text }: Example): Promise<void> {
  const file = join(folder, 'digest.mjs');
  writeFileSync(file, text);
  const { dayDigest } = await import(pathToFileURL(file).href);
  await shownOrder();
  const { orders } = await send('GET /api/orders?user=test_seller');
  const { days } = await send(DIGEST);
  expect(days).toMatchObject([{ digest: dayDigest(orders) }]);
}

function shownItems(): Fields[] {
  const { orders } = JSON.parse(BODY) as { orders: [{ items: Fields[] }] };
  return orders[0].items;
}

/** The document's upload with orders like its own that differ in these fields. */
function uploadOf(orders: readonly Fields[]): string {
  const shown = JSON.parse(BODY) as { orders: [Fields] };
  return JSON.stringify({
    ...shown,
    orders: orders.map((fields) => ({ ...shown.orders[0], ...fields })),
  });
}

async function shownUploadId(): Promise<string> {
  return String((await send(UPLOAD, BODY)).upload_id);
}

/** Uploads what the document shows. */
async function shownOrder(): Promise<undefined> {
  await send(UPLOAD, BODY);
}

const upload = (...orders: readonly Fields[]) => send(UPLOAD, uploadOf(orders));

async function uploaded(...orders: readonly Fields[]): Promise<undefined> {
  await upload(...orders);
}

/** The body of a good answer. */
async function send(request: string, body?: string): Promise<Fields> {
  const { status, text } = await sent(request, body);
  expect([status, text]).toEqual([200, text]);
  return JSON.parse(text);
}

/** @param request such as `GET /api/whoami` */
async function sent(request: string, body?: string) {
  const [method, address] = request.split(' ');
  const [name = '', value = ''] = HEADER.replace(/oa_\S+/, key).split(': ');
  const response = await fetch(`${service.endpoints.api}${address}`, {
    method,
    headers: { [name]: value, ...(body && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body }),
  });
  const type = response.headers.get('content-type');
  return { status: response.status, type, text: await response.text() };
}
