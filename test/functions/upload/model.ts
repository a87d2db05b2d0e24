import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { isSame, isStale, withLatestTime } from './model-orders.ts';

export interface ModelUpload {
  readonly user: string;
  readonly orders: readonly UploadedOrder[];
  readonly key?: string | undefined;
}

export interface ModelDeletion {
  readonly user: string;
  /** Distinct. */
  readonly numbers: readonly string[];
  readonly key?: string | undefined;
}

export interface ModelUndoing {
  readonly user: string;
  /** Which receipt of all is to be undone, from 0; there may be none. */
  readonly undoes: number;
  readonly refusesConflicts: boolean;
  readonly key?: string | undefined;
}

export type ModelRequest = ModelUpload | ModelDeletion | ModelUndoing;

/** What a request is answered, as far as the model foretells it. */
export type Answer =
  | { readonly status: 400 | 404 | 409 | 422 }
  | { readonly status: 200; readonly hasReceipt: boolean; readonly figures: Figures };

/** By the names of the API's. */
export type Figures = Readonly<Record<string, number | readonly string[]>>;

/** An order, there or not, between two requests that change it. */
interface State {
  readonly user: string;
  /** `undefined` where it is not there. */
  readonly order: UploadedOrder | undefined;
  /** The receipts that have left it so: its writer's and those of who brought that back. */
  readonly leftBy: readonly number[];
}

interface Change {
  readonly id: number;
  readonly number: string;
  readonly before: State | undefined;
  readonly order: UploadedOrder | undefined;
  /** Who left it so before. @default nobody */
  readonly leftBy?: readonly number[];
}

interface Receipt {
  readonly user: string;
  readonly changes: readonly Change[];
}

/** By their seller and their key. */
type KeyedAnswers = ReadonlyMap<string, { readonly asked: string; readonly answer: Answer }>;

interface Step {
  readonly answer: Answer;
  readonly after: Model;
}

/** The service as maps in memory: what it has to do, said in the simplest way. */
export class Model {
  /** By their ids. */
  readonly #states: ReadonlyMap<number, State>;
  readonly #receipts: readonly Receipt[];
  readonly #answers: KeyedAnswers;

  constructor(
    states: ReadonlyMap<number, State> = new Map(),
    receipts: readonly Receipt[] = [],
    answers: KeyedAnswers = new Map(),
  ) {
    this.#states = states;
    this.#receipts = receipts;
    this.#answers = answers;
  }

  get receiptsCount(): number {
    return this.#receipts.length;
  }

  /** Whose a receipt is. */
  ownerOf(receipt: number): string | undefined {
    return this.#receipts[receipt]?.user;
  }

  /** The answer to a request and the service after it. */
  do(request: ModelRequest): Step {
    if ('orders' in request) return this.upload(request);
    return 'numbers' in request ? this.#delete(request) : this.#undo(request);
  }

  upload(upload: ModelUpload): Step {
    const { user, orders } = upload;
    const numbers = new Set(orders.map((order) => order.order_number));
    if (orders.length === 0 || numbers.size < orders.length || orders.some(isBroken)) {
      return { answer: { status: 400 }, after: this };
    }
    return this.#once(upload, () => {
      if (orders.some((order) => (this.#find(order.order_number)?.user ?? user) !== user)) {
        return { status: 409 };
      }
      const figures = {
        orders_created: 0,
        orders_updated: 0,
        orders_unchanged: 0,
        orders_stale: 0,
      };
      const changes: Change[] = [];
      for (const order of orders) {
        const number = order.order_number;
        const found = this.#find(number);
        const stored = found?.order;
        const id = found?.id ?? this.#states.size + figures.orders_created;
        if (stored && isStale(stored, order)) figures.orders_stale += 1;
        else if (stored && isSame(stored, order)) figures.orders_unchanged += 1;
        else {
          figures[stored ? 'orders_updated' : 'orders_created'] += 1;
          const before = this.#states.get(id);
          changes.push({ id, number, before, order: withLatestTime(stored, order) });
        }
      }
      return { figures, changes };
    });
  }

  #delete(deletion: ModelDeletion): Step {
    return this.#once(deletion, () => {
      const changes: Change[] = [];
      const not_found: string[] = [];
      for (const number of deletion.numbers) {
        const found = this.#find(number);
        if (found?.user !== deletion.user) not_found.push(number);
        else {
          const before = this.#states.get(found.id);
          changes.push({ id: found.id, number, before, order: undefined });
        }
      }
      return { figures: { orders_deleted: changes.length, not_found }, changes };
    });
  }

  #undo(undoing: ModelUndoing): Step {
    return this.#once(undoing, () => {
      const { undoes, user, refusesConflicts } = undoing;
      const receipt = this.#receipts[undoes];
      if (receipt?.user !== user) return { status: 404 };
      const figures = { orders_restored: 0, orders_removed: 0, orders_recreated: 0 };
      const leftAlone: string[] = [];
      const changes: Change[] = [];
      for (const { id, number, before, order: after } of receipt.changes) {
        const isAsLeft = this.#states.get(id)?.leftBy.includes(undoes);
        if (!isAsLeft || (!after && this.#find(number))) leftAlone.push(number);
        else {
          figures[undoneBy(before?.order, after)] += 1;
          const { order, leftBy } = before ?? { order: undefined, leftBy: [] };
          changes.push({ id, number, before: this.#states.get(id), order, leftBy });
        }
      }
      if (refusesConflicts && leftAlone.length > 0) return { status: 409 };
      const left = { orders_left_alone: leftAlone.length, left_alone: leftAlone.sort() };
      return { figures: { ...figures, ...left }, changes };
    });
  }

  /** Does what is asked, unless a request with its key did. */
  #once(
    request: ModelRequest,
    work: () => { status: 404 | 409 } | { figures: Figures; changes: readonly Change[] },
  ): Step {
    const { user, key } = request;
    const asked = JSON.stringify(request);
    const known = key === undefined ? undefined : this.#answers.get(`${user} ${key}`);
    if (known) {
      return { answer: known.asked === asked ? known.answer : { status: 422 }, after: this };
    }
    const done = work();
    if ('status' in done) return { answer: done, after: this };
    const isKnown = this.#users.has(user) || 'orders' in request;
    const hasReceipt = done.changes.length > 0 || (key !== undefined && isKnown);
    const answer: Answer = { status: 200, hasReceipt, figures: done.figures };
    if (!hasReceipt) return { answer, after: this };
    const receipt = this.#receipts.length;
    const states = new Map(this.#states);
    for (const { id, order, leftBy = [] } of done.changes) {
      states.set(id, { user, order, leftBy: [receipt, ...leftBy] });
    }
    const answers = new Map(this.#answers);
    if (key !== undefined) answers.set(`${user} ${key}`, { asked, answer });
    const receipts = [...this.#receipts, { user, changes: done.changes }];
    return { answer, after: new Model(states, receipts, answers) };
  }

  /** The order that is there of a number. */
  #find(number: string) {
    for (const [id, { user, order }] of this.#states) {
      if (order?.order_number === number) return { id, user, order };
    }
    return undefined;
  }

  /** Who has ever stored an order. */
  get #users(): ReadonlySet<string> {
    return new Set([...this.#states.values()].map(({ user }) => user));
  }

  /** A seller's orders by order number. */
  ordersOf(seller: string): UploadedOrder[] {
    return [...this.#states.values()]
      .flatMap(({ user, order }) => (user === seller && order ? [order] : []))
      .sort((a, b) => (a.order_number < b.order_number ? -1 : 1));
  }

  /**
   * A seller's number of orders and their sum in cents; `undefined` for one who never stored any.
   */
  statsOf(user: string): { orders_count: number; cents: bigint } | undefined {
    if (!this.#users.has(user)) return undefined;
    const orders = this.ordersOf(user);
    const cents = orders.reduce((sum, o) => sum + BigInt(o.total_amount.replace('.', '')), 0n);
    return { orders_count: orders.length, cents };
  }
}

/** How a change is taken back. */
function undoneBy(before: UploadedOrder | undefined, after: UploadedOrder | undefined) {
  if (!after) return 'orders_recreated';
  return before ? 'orders_restored' : 'orders_removed';
}

/** Whether the order is one of those that the tests break on purpose. */
function isBroken({ status, items }: UploadedOrder): boolean {
  return status === '' || items.some((item) => item.quantity < 0);
}
