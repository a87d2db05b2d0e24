import { ConnectionError, type PartPlace, ProblemError } from './errors.ts';
import { halvesOfList, halvesOfPeriod, inHalves, type Period } from './halves.ts';
import type {
  ChangesPage,
  Digest,
  FoundOrders,
  NewOrder,
  Order,
  OrderFilter,
  OrdersPage,
  PageOptions,
} from './orders.ts';
import { inParts, MAX_PART_BYTES, PART_BYTES } from './parts.ts';
import { inRequests, queryOf } from './query.ts';
import type { DailyStats, Granularity, Stats, WhoAmI } from './stats.ts';
import { type ApiRequest, fitsHeader, Transport, type TransportOptions } from './transport.ts';
import { orderJson, packed, uploadJson } from './upload-body.ts';
import {
  type DeletionResult,
  type DryRunResult,
  type Receipt,
  type ReceiptsPage,
  type ReceiptWithOrders,
  STORED,
  type UndoResult,
  type UploadResult,
} from './uploads.ts';

export interface ClientOptions extends TransportOptions {
  /** The seller, whose key it is. */
  readonly user: string;
}

export interface CallOptions {
  /** Ends the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ChangeOptions extends CallOptions {
  /** By which a change is known when it is sent again. @default one of its own for each call */
  readonly idempotencyKey?: string;
}

export interface UploadAllOptions extends CallOptions {
  /** How many bytes of JSON a request has at most, up to 4 MiB. @default 2 MiB */
  readonly partBytes?: number;
}

/** One of the requests that many orders are sent in. */
export interface UploadedPart extends PartPlace {
  readonly result: UploadResult;
}

/**
 * What a seller's system asks of the service. Every call is sent again where that may help, and is
 * safe to be; what it throws then is a `ProblemError` of the service or a `ConnectionError`.
 */
export class OrderAnalyticsClient {
  readonly user: string;
  readonly #transport: Transport;

  constructor({ user, ...transport }: ClientOptions) {
    this.user = user;
    this.#transport = new Transport(transport);
  }

  /** Stores orders in one request, all of them or none. */
  async upload(orders: readonly NewOrder[], options: ChangeOptions = {}): Promise<UploadResult> {
    return this.#upload(orders.map(orderJson), options);
  }

  /**
   * Stores orders of any number in as many requests as their bytes need, one after the other, so
   * that an order which comes twice ends as it came last. Each is stored whole or not at all; when
   * one is refused, the error's `part` says which orders it held, and those before it are stored.
   */
  async *uploadAll(
    orders: Iterable<NewOrder> | AsyncIterable<NewOrder>,
    { partBytes = PART_BYTES, signal }: UploadAllOptions = {},
  ): AsyncGenerator<UploadedPart, void> {
    for await (const part of inParts(orders, Math.min(partBytes, MAX_PART_BYTES))) {
      const place = { first: part.first, count: part.orders.length };
      const result = await this.#upload(part.orders, { signal }).catch((error: unknown) => {
        if (error instanceof ProblemError || error instanceof ConnectionError) error.part = place;
        throw error;
      });
      yield { ...place, result };
    }
  }

  /** What an upload would do; nothing is stored. */
  async dryRun(orders: readonly NewOrder[], options: CallOptions = {}): Promise<DryRunResult> {
    return this.#send(
      {
        method: 'POST',
        path: '/api/orders/upload',
        query: queryOf({ dry_run: 'true' }),
        answer: this.#answer([...STORED, 'orders', 'days']),
        ...(await packed(uploadJson(this.user, orders.map(orderJson)))),
      },
      options,
    );
  }

  /** Orders by their numbers, any number of them; each once, however often its number comes. */
  async ordersByNumber(
    orderNumbers: readonly string[],
    options: CallOptions = {},
  ): Promise<FoundOrders> {
    const orders: Order[] = [];
    const not_found: string[] = [];
    for (const order_number of inRequests(orderNumbers)) {
      const found = await this.#ordersOf(order_number, options);
      orders.push(...found.orders);
      not_found.push(...found.not_found);
    }
    return { orders, not_found };
  }

  /** Orders, the oldest `created_at` first, as they are read page by page. */
  async *orders(
    filter: OrderFilter & PageOptions = {},
    options: CallOptions = {},
  ): AsyncGenerator<Order, void> {
    for await (const { orders } of this.pages(filter, options)) yield* orders;
  }

  /** The same in pages, each with the `next` by which to go on later. */
  async *pages(
    filter: OrderFilter & PageOptions = {},
    options: CallOptions = {},
  ): AsyncGenerator<OrdersPage, void> {
    for (let after = filter.after; ; ) {
      const page = await this.#get<OrdersPage>(
        '/api/orders',
        ['orders'],
        { ...filter, after },
        options,
      );
      yield page;
      if (page.next === null) return;
      after = page.next;
    }
  }

  /**
   * What happened to orders after a cursor, or ever, the oldest first, up to now: pages whose
   * `next` is to be kept with what was applied. The last page has no changes.
   */
  async *changes(
    { after: start, limit }: PageOptions = {},
    options: CallOptions = {},
  ): AsyncGenerator<ChangesPage, void> {
    for (let after = start; ; ) {
      const asked = { after, limit };
      const page = await this.#get<ChangesPage>('/api/orders/changes', ['changes'], asked, options);
      yield page;
      if (page.changes.length === 0) return;
      after = page.next;
    }
  }

  /** A hash of each day's orders, to be compared with one's own; in as many answers as it takes. */
  async digest(period: Period, options: CallOptions = {}): Promise<Digest> {
    return inHalves(period, {
      ask: ({ from, to }) =>
        this.#get<Digest>('/api/orders/digest', ['days'], { from, to }, options),
      halve: halvesOfPeriod,
      join: (first, { to, days }) => ({ ...first, to, days: [...first.days, ...days] }),
    });
  }

  /** Deletes orders, all that there are, in one request: up to 100. */
  async deleteOrders(
    orderNumbers: readonly string[],
    options: ChangeOptions = {},
  ): Promise<DeletionResult> {
    const query = queryOf({ user: this.user, order_number: orderNumbers });
    const answer = this.#answer(['orders_deleted', 'not_found']);
    return this.#change({ method: 'DELETE', path: '/api/orders', query, answer }, options);
  }

  /** The receipts of what was sent, the newest first, as they are read page by page. */
  async *receipts(
    page: PageOptions = {},
    options: CallOptions = {},
  ): AsyncGenerator<Receipt, void> {
    for (let after = page.after; ; ) {
      const asked = { limit: page.limit, after };
      const { uploads, next } = await this.#get<ReceiptsPage>(
        '/api/uploads',
        ['uploads'],
        asked,
        options,
      );
      yield* uploads;
      if (next === null) return;
      after = next;
    }
  }

  /** One receipt, with orders that are still as it left them. */
  async receipt(uploadId: string, options: CallOptions = {}): Promise<ReceiptWithOrders> {
    const path = `/api/uploads/${encodeURIComponent(uploadId)}`;
    return this.#get(path, ['order_numbers'], {}, options);
  }

  /**
   * Takes back what one request did. Orders that something later has changed are left alone, or,
   * with `conflicts: 'refuse'`, are a `ConflictError`, and nothing is undone.
   */
  async undo(
    uploadId: string,
    { conflicts, ...options }: ChangeOptions & { readonly conflicts?: 'leave' | 'refuse' } = {},
  ): Promise<UndoResult> {
    const path = `/api/uploads/${encodeURIComponent(uploadId)}/undo`;
    const query = queryOf({ user: this.user, conflicts });
    const answer = this.#answer(['orders_restored', 'left_alone']);
    return this.#change({ method: 'POST', path, query, answer }, options);
  }

  /** Totals as of now. */
  async stats(filter: OrderFilter = {}, options: CallOptions = {}): Promise<Stats> {
    return this.#get('/api/orders/stats', ['orders_count'], { ...filter }, options);
  }

  /** The same figures by day, week or month. */
  async dailyStats(
    filter: OrderFilter & { readonly granularity?: Granularity } = {},
    options: CallOptions = {},
  ): Promise<DailyStats> {
    return this.#get('/api/orders/stats/daily', ['days'], { ...filter }, options);
  }

  /** Whose key it is and what it is good for; nothing is done. */
  async whoami(options: CallOptions = {}): Promise<WhoAmI> {
    return this.#get('/api/whoami', ['scopes'], {}, options);
  }

  /** In one answer, or in as many as the orders need. */
  async #ordersOf(order_number: readonly string[], options: CallOptions): Promise<FoundOrders> {
    return inHalves(order_number, {
      ask: (asked) =>
        this.#get<FoundOrders>(
          '/api/orders',
          ['orders', 'not_found'],
          { order_number: asked },
          options,
        ),
      halve: halvesOfList,
      join: (first, second) => ({
        orders: [...first.orders, ...second.orders],
        not_found: [...first.not_found, ...second.not_found],
      }),
    });
  }

  async #upload(orders: readonly string[], options: ChangeOptions): Promise<UploadResult> {
    const { headers, body } = await packed(uploadJson(this.user, orders));
    const path = '/api/orders/upload';
    const answer = this.#answer(STORED);
    return this.#change({ method: 'POST', path, headers, body, answer }, options);
  }

  /**
   * Under a key, by which a second try is answered what the first one did.
   *
   * @throws {TypeError} of a key that no request can have
   */
  #change<T>({ headers, ...request }: ApiRequest, options: ChangeOptions): Promise<T> {
    const { idempotencyKey = crypto.randomUUID() } = options;
    if (!fitsHeader(idempotencyKey)) {
      throw new TypeError(`The idempotencyKey must be printable ASCII: ${idempotencyKey}`);
    }
    return this.#send(
      { ...request, headers: { ...headers, 'idempotency-key': idempotencyKey } },
      options,
    );
  }

  #get<T>(
    path: string,
    has: readonly string[],
    parameters: Parameters<typeof queryOf>[0],
    options: CallOptions,
  ): Promise<T> {
    const query = queryOf({ user: this.user, ...parameters });
    return this.#send({ method: 'GET', path, query, answer: this.#answer(has) }, options);
  }

  #answer(has: readonly string[]) {
    return { user: this.user, has };
  }

  #send<T>(request: ApiRequest, { signal }: CallOptions): Promise<T> {
    return this.#transport.send(request, signal);
  }
}
