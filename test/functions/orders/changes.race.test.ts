import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { beforeAll, expect, it } from 'vitest';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { seededRandom } from '../../../local/seeded-random.ts';
import { item, order, storedOrders } from '../../helpers/orders.ts';
import { settled } from '../../helpers/settled.ts';
import { type AmendClient, amendClient, numbersQuery } from '../amend/client.ts';
import { type Answer, type Send, uploadClient } from '../upload/client.ts';
import { type GivenChange, removeOrders, useChanges } from './changes-client.ts';

// Sellers' systems that upload, delete and undo the same orders, transactions that are open for
// long, and some that are killed; and readers that follow all that while it happens.

const SELLERS = ['racer', 'rival'];
const NUMBERS = 120;
const ROUNDS = 8;

const { database, page } = useChanges();
let send: Send;
let amend: AmendClient;
beforeAll(async () => {
  send = await uploadClient(database().environmentOf('upload'));
  amend = await amendClient(database().environmentOf('amend'));
});

/** Of each seller's requests, those that changed something. */
const receipts = new Map(SELLERS.map((seller) => [seller, [] as unknown[]]));

/** What somebody decides, the same at each run: with others in between, one draws from it alone. */
class Chance {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = seededRandom(seed);
  }
  below(end: number): number {
    return Math.floor(this.#next() * end);
  }
  anyOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
  numberOf(seller: string): string {
    return `${seller}-${this.below(NUMBERS)}`;
  }
}

function anyOrders(seller: string, chance: Chance): UploadedOrder[] {
  const numbers = new Set(Array.from({ length: 8 }, () => chance.numberOf(seller)));
  return [...numbers].map((order_number) =>
    order({
      order_number,
      status: chance.anyOf(['new', 'paid', 'sent']),
      items: Array.from({ length: chance.below(3) }, () => item({ quantity: chance.below(5) })),
    }),
  );
}

async function upload(seller: string, chance: Chance): Promise<void> {
  done(seller, await send({ user: seller, orders: anyOrders(seller, chance) }));
}

async function remove(seller: string, chance: Chance): Promise<void> {
  const numbers = Array.from({ length: 1 + chance.below(6) }, () => chance.numberOf(seller));
  done(seller, await amend.remove(numbersQuery(seller, ...numbers), { seller }));
}

/** Takes back one of the last few requests, of whichever kind. */
async function undo(seller: string, chance: Chance): Promise<void> {
  const last = receipts.get(seller)!.slice(-4);
  const answer = await amend.undo(chance.anyOf(last), '', { seller });
  // Where it created an order that something else has written since, which keeps no versions.
  if (answer.status === 409) expect(answer.body.errors).toMatchObject([{ code: 'too_old' }]);
  else done(seller, answer);
}

function done(seller: string, { status, body }: Answer): void {
  expect([status, body]).toEqual([200, body]);
  const { upload_id } = body;
  if (upload_id === null) return;
  receipts.get(seller)!.push(upload_id);
  kinds.add('undone' in body ? 'undo' : 'orders_deleted' in body ? 'delete' : 'upload');
}

/** Of what was done and changed something. */
const kinds = new Set<string>();

/** What a transaction writes that had its id long before. */
const WRITES: readonly ((client: pg.Client, number: string, seller: string) => Promise<unknown>)[] =
  [
    (client, number) =>
      client.query(
        `UPDATE orders SET status = 'late', version = version + 1, changed_xid = pg_current_xact_id(),
         last_changed_at = now()
       WHERE order_number = $1`,
        [number],
      ),
    // As a function of the release before writes.
    (client, number) =>
      client.query(
        `UPDATE orders SET status = 'before', last_changed_at = clock_timestamp() WHERE order_number = $1`,
        [number],
      ),
    (client, number) => removeOrders(client, 'order_number = $1', number),
    (client, number, seller) =>
      client.query(
        `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, $2, now(), 1, 'again', '' FROM users WHERE username = $1
       ON CONFLICT DO NOTHING`,
        [seller, number],
      ),
  ];

/** Begins, lets others come and go, writes, and commits or is killed. */
async function comeLate(seller: string, chance: Chance): Promise<void> {
  await using late = await connected();
  await using other = await connected();
  await late.client.query('BEGIN; SELECT pg_current_xact_id()');
  for (let i = chance.below(4); i >= 0; i--) await upload(seller, chance);
  if (chance.below(2)) {
    await removeOrders(other.client, 'order_number = $1', chance.numberOf(seller));
  }
  await chance.anyOf(WRITES)(late.client, chance.numberOf(seller), seller);
  if (chance.below(4)) await late.client.query('COMMIT');
  else await other.client.query('SELECT pg_terminate_backend($1)', [late.pid]);
}

async function connected(): Promise<
  AsyncDisposable & { readonly client: pg.Client; readonly pid: number | undefined }
> {
  const client = new pg.Client(database().url);
  client.on('error', () => {}); // killed
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return {
    client,
    pid: rows[0]?.pid,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

/** Applies page after page until one is empty of which that is the end. */
async function follow(
  seller: string,
  chance: Chance,
  isOver: () => boolean,
): Promise<UploadedOrder[]> {
  const known = new Map<string, UploadedOrder>();
  let after: string | undefined;
  for (;;) {
    const wasOver = isOver();
    const { changes, next } = await page(seller, after, 1 + chance.below(20));
    for (const change of changes) apply(known, change);
    after = next;
    if (changes.length > 0) continue;
    if (wasOver) return [...known.values()].sort(byNumber);
    await turn();
  }
}

function apply(known: Map<string, UploadedOrder>, { order_number, order: given }: GivenChange) {
  if (!given) {
    known.delete(order_number);
    return;
  }
  const { created_at, total_amount, status, items } = given;
  known.set(order_number, {
    order_number,
    created_at,
    total_amount: total_amount.toFixed(2),
    status,
    items: items.map((one) => ({ ...one, price: one.price.toFixed(2) })),
  });
}

const byNumber = (a: UploadedOrder, b: UploadedOrder) => (a.order_number < b.order_number ? -1 : 1);

it('readers that follow while all that happens end with the orders that are there', async () => {
  let people = 0;
  const somebody = () => new Chance(people++);
  for (const seller of SELLERS) await upload(seller, somebody());
  let isOver = false;
  const readers = SELLERS.map((seller) => follow(seller, somebody(), () => isOver));
  const writers = SELLERS.flatMap((seller) =>
    [upload, remove, undo, undo, comeLate].map((work) => repeat(work, seller, somebody())),
  );
  await Promise.all(writers);
  await settled(database().pg);
  isOver = true;
  expect([...kinds].sort()).toEqual(['delete', 'undo', 'upload']);
  for (const [i, seller] of SELLERS.entries()) {
    const stored = await storedOrders(database().pg, seller);
    expect(stored.length).toBeGreaterThan(NUMBERS / 4);
    expect(await readers[i]).toEqual(stored);
  }
});

async function repeat(work: typeof upload, seller: string, chance: Chance): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) await work(seller, chance);
}
