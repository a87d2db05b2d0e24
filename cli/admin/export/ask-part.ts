import { ServiceError } from '../../service-error.ts';
import { refusal } from '../../target/ask-api.ts';
import { foreignAnswer } from '../../target/foreign-answer.ts';
import { ANSWERED_WITHIN_MS, signedRequest } from '../../target/signed-request.ts';
import type { Target } from '../../target/target.ts';
import { wholeAnswer } from '../../target/whole-answer.ts';
import type { ExportArguments } from './arguments.ts';

/** What one answer has of an export. */
export interface Part {
  /** The rows after the first line, which `head` is. */
  readonly body: string;
  readonly head: string;
  readonly rows: number;
  readonly orders: number;
  /** What these orders come to, as decimal text. */
  readonly total: string;
  /** Where the rest begins; `undefined` when there is none. */
  readonly next: string | undefined;
  /** Whether the search has not looked at all that may have what was typed. */
  readonly isPart: boolean;
  /** What the list's page says of all orders; only told with the first of them. */
  readonly found: Found;
}

export interface Found {
  readonly orders?: number;
  /** Decimal text; only where the number of orders is exact, too. */
  readonly total?: string;
}

/**
 * Up to so many orders from a place on.
 *
 * @throws {ServiceError} when the admin refuses, or does not answer
 */
export async function askPart(
  target: Target,
  { filter, format, delimiter, rows }: ExportArguments,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<Part> {
  const query = new URLSearchParams(filter);
  if (format === 'csv') query.set('delimiter', delimiter);
  query.set('of', rows);
  query.set('limit', String(limit));
  if (after !== undefined) query.set('after', after);
  const { status, headers, text } = await wholeAnswer(
    target.origin,
    signedRequest(
      target,
      {
        method: 'GET',
        path: `/admin/orders.${format}`,
        query,
        headers: { accept: 'application/problem+json' },
      },
      AbortSignal.any([signal, AbortSignal.timeout(ANSWERED_WITHIN_MS)]),
    ),
  );
  if (status !== 200) throw new ServiceError(`${status} ${refusal(text)}`, { status });
  // A page with which a network asks people to sign in would else be written for orders.
  if (!headers.has('exported-orders')) throw foreignAnswer(target.origin, status);
  const headEnd = format === 'csv' ? text.indexOf('\n') + 1 : 0;
  const number = (name: string) => Number(headers.get(name) ?? 0);
  return {
    head: text.slice(0, headEnd),
    body: text.slice(headEnd),
    rows: number('exported-rows'),
    orders: number('exported-orders'),
    total: headers.get('exported-total') ?? '0.00',
    next: nextPlace(headers, target.origin),
    isPart: headers.has('exported-search'),
    found: readFound(headers),
  };
}

function nextPlace(headers: Headers, origin: string): string | undefined {
  const [, address] = /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '') ?? [];
  return address && (new URL(address, origin).searchParams.get('after') ?? undefined);
}

function readFound(headers: Headers): Found {
  const orders = headers.get('found-orders');
  const total = headers.get('found-total');
  return {
    ...(orders !== null && { orders: Number(orders.replace('about ', '')) }),
    ...(total !== null && { total }),
  };
}
