import type { LocalRoute } from '../../../local/cloud-assembly/model.ts';
import { ServiceError } from '../../service-error.ts';
import { createSigner } from '../../target/sign.ts';
import type { Target } from '../../target/target.ts';

export interface Sent {
  /** A seller's, for routes that take one. */
  readonly key?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a browser sends a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 200 */
  readonly status?: number;
}

/** The API's front door, which knows by which routes it was asked. */
export class Door {
  readonly asked = new Set<string>();
  readonly #target: Omit<Target, 'title'>;
  readonly #routes: readonly LocalRoute[];

  constructor(target: Omit<Target, 'title'>, routes: readonly LocalRoute[]) {
    this.#target = target;
    this.#routes = routes;
  }

  /**
   * The answer's body.
   *
   * @param routeKey as API Gateway names the route
   * @param path with its query; of that route
   * @throws {ServiceError} when it is answered otherwise than it is to be
   */
  async ask(routeKey: string, path: string, sent: Sent = {}): Promise<string> {
    const { pathname, search, searchParams } = new URL(path, this.#target.origin);
    const route = this.#routes.find((one) => one.routeKey === routeKey);
    if (!route || !pathOf(routeKey).test(pathname)) {
      throw new Error(`${path} is not of a route ${routeKey}.`);
    }
    const [method = ''] = routeKey.split(' ');
    const body = Buffer.from(bodyOf(sent));
    const headers = { ...headersOf(sent), ...sent.headers };
    const request = { method, path: pathname, query: searchParams, headers, body };
    const signed =
      route.authorization.type === 'AWS_IAM'
        ? await createSigner(this.#target)(request)
        : { path: pathname + search, headers };
    const response = await fetch(this.#target.origin + signed.path, {
      method,
      headers: signed.headers,
      redirect: 'manual',
      ...(body.length > 0 && { body }),
    });
    const text = await response.text();
    const { status = 200 } = sent;
    if (response.status !== status) {
      throw new ServiceError(
        `${method} ${path} answered ${response.status}: ${text.slice(0, SHOWN)}`,
      );
    }
    this.asked.add(routeKey);
    return text;
  }
}

/** How much of an answer is shown. */
const SHOWN = 1_000;

/** `{id}` is a part of a path, `{proxy+}` all that is left of it. */
function pathOf(routeKey: string): RegExp {
  const [, path = ''] = routeKey.split(' ');
  const pattern = path.replaceAll(/\{\w+(\+?)\}/g, (_, rest) => (rest ? '.+' : '[^/]+'));
  return new RegExp(`^${pattern}$`);
}

function bodyOf({ json, form }: Sent): string {
  if (form) return new URLSearchParams(form).toString();
  return json === undefined ? '' : JSON.stringify(json);
}

function headersOf({ key, json, form }: Sent): Record<string, string> {
  return {
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(form && {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    }),
  };
}
