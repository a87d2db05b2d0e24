import { gunzipSync } from 'node:zlib';
import { beforeEach, vi } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import { amountOf, centsOf } from '../../../client/src/command/file-order.ts';
import { type Report, UploadCommand } from '../../../client/src/command/upload-command.ts';
import { json } from '../fake-service.ts';

interface Order {
  readonly order_number: string;
  readonly total_amount: string;
}

/** A service in this process, for what is the command's alone: it keeps orders' totals. */
class SmallService {
  readonly orders = new Map<string, string>();
  readonly #answered = new Map<string, object>();
  uploads = 0;
  /** Called before a request is answered, for what happens meanwhile; may answer itself. */
  onUpload = (_orders: readonly Order[]): Response | undefined => undefined;

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const user = 'test_seller';
    if (pathname === '/api/whoami') return json(200, { user, scopes: [] });
    if (pathname === '/api/orders/stats') return json(200, { user, ...this.#figures() });
    const bytes = new Uint8Array(await request.arrayBuffer());
    const isZipped = request.headers.get('content-encoding') === 'gzip';
    const body = JSON.parse(new TextDecoder().decode(isZipped ? gunzipSync(bytes) : bytes));
    const answer = this.onUpload(body.orders);
    if (answer) return answer;
    this.uploads += 1;
    const errors = badAmounts(body.orders);
    if (errors.length > 0) return json(400, { detail: 'Nothing was stored.', errors });
    const key = request.headers.get('idempotency-key') ?? crypto.randomUUID();
    const isTrial = searchParams.has('dry_run');
    const stored = this.#answered.get(key) ?? this.#store(body.orders, isTrial);
    this.#answered.set(key, stored);
    return json(200, { user, ...stored });
  };

  #store(orders: readonly Order[], isTrial: boolean) {
    const counts = { orders_created: 0, orders_updated: 0, orders_unchanged: 0, orders_stale: 0 };
    for (const { order_number, total_amount } of orders) {
      const before = this.orders.get(order_number);
      if (before === undefined) counts.orders_created += 1;
      else counts[before === total_amount ? 'orders_unchanged' : 'orders_updated'] += 1;
      if (!isTrial) this.orders.set(order_number, total_amount);
    }
    return counts;
  }

  #figures() {
    const cents = [...this.orders.values()].reduce((sum, one) => sum + (centsOf(one) ?? 0n), 0n);
    return { orders_count: this.orders.size, total_revenue: amountOf(cents) };
  }
}

const badAmounts = (orders: readonly Order[]) =>
  orders.flatMap(({ total_amount }, i) =>
    centsOf(total_amount) === undefined
      ? [{ pointer: `/orders/${i}/total_amount`, code: 'invalid_amount', detail: 'Is none.' }]
      : [],
  );

/** A new one before each test, which is what `fetch` reaches. */
export function useSmallService(): { readonly now: SmallService } {
  const used = { now: new SmallService() };
  beforeEach(() => {
    used.now = new SmallService();
    vi.stubGlobal('fetch', used.now.fetch);
    return () => vi.unstubAllGlobals();
  });
  return used;
}

/** What the command comes to, and what it says meanwhile. It asks the small service. */
export async function upload(
  args: readonly string[],
  signal = new AbortController().signal,
): Promise<{
  readonly report: Report | undefined;
  readonly error: unknown;
  readonly said: string;
}> {
  const read = readArguments(['upload', ...args]);
  if (!read) throw new Error('There are no arguments.');
  let said = '';
  const output = { write: (text: string) => (said += text) };
  const target = { url: 'https://api.example.com', key: 'oa_test_key' };
  try {
    const report = await new UploadCommand(read, target, { output, signal }).run();
    return { report, error: undefined, said };
  } catch (error) {
    return { report: undefined, error, said };
  }
}
