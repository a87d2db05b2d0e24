import pg from 'pg';
import { createSellerKey } from '../../../cli/keys/seller-key.ts';
import { listExamples } from '../../../cli/openapi/examples.ts';
import type { Service } from '../../../local/service/service.ts';
import { emptyTables, ORDERS } from '../../helpers/empty-tables.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The JSON object that an answer holds. */
export async function bodyOf(response: Response): Promise<Fields> {
  return JSON.parse(await response.text());
}

const UPLOAD = 'POST /api/orders/upload';

/** The upload that docs/api.md shows. */
const BODY = listExamples('docs/api.md').find(({ heading }) => heading === UPLOAD)?.text ?? '';

/** Two sellers' systems of a service that has no orders. */
export class PageClient {
  readonly api: string;
  readonly db: pg.Client;
  readonly key: string;
  readonly #others: string;

  private constructor(service: Service, db: pg.Client, key: string, others: string) {
    this.api = service.endpoints.api;
    this.db = db;
    this.key = key;
    this.#others = others;
  }

  static async connect(service: Service): Promise<PageClient> {
    const db = new pg.Client(service.endpoints.postgres);
    await db.connect();
    const key = await createSellerKey(service.endpoints, 'test_seller');
    return new PageClient(service, db, key, await createSellerKey(service.endpoints, 'another'));
  }

  async reset(): Promise<void> {
    await emptyTables(this.db, ORDERS);
  }

  /** @param request such as `GET /api/whoami` */
  send(request: string, init: Omit<RequestInit, 'method'> = {}, key = this.key): Promise<Response> {
    const [method = '', address = ''] = request.split(' ');
    const headers = { authorization: `Bearer ${key}`, ...init.headers };
    return fetch(`${this.api}${address}`, { ...init, method, headers });
  }

  /** Uploads the shown order, once for each of these, with other fields. */
  upload(orders: readonly Fields[] = [{}], headers: Record<string, string> = {}) {
    return this.sendBody(this.#uploadOf(orders), headers);
  }

  /** The shown order with other fields of its first item. */
  uploadItem(fields: Fields): Promise<Response> {
    const [order] = JSON.parse(BODY).orders as [{ items: Fields[] }];
    return this.upload([{ items: [{ ...order.items[0], ...fields }] }]);
  }

  uploadAsAnother(): Promise<Response> {
    const body = JSON.stringify({ ...JSON.parse(BODY), user: 'another' });
    return this.sendBody(body, {}, this.#others);
  }

  sendBody(body: string, headers: Record<string, string> = {}, key = this.key) {
    const type = { 'content-type': 'application/json' };
    return this.send(UPLOAD, { body, headers: { ...type, ...headers } }, key);
  }

  /** The `upload_id` of the shown order's upload. */
  async uploadId(): Promise<string> {
    return String((await bodyOf(await this.upload())).upload_id);
  }

  /** The place up to which all changes were read. */
  async cursor(): Promise<string> {
    const page = await this.send('GET /api/orders/changes?user=test_seller');
    return String((await bodyOf(page)).next);
  }

  #uploadOf(orders: readonly Fields[]): string {
    const shown = JSON.parse(BODY) as { orders: [Fields] };
    return JSON.stringify({
      ...shown,
      orders: orders.map((fields) => ({ ...shown.orders[0], ...fields })),
    });
  }
}
