import { withoutLogin } from './address.ts';
import { type ProblemEntry, type ProblemError, problemError } from './errors.ts';

/** The service's, or API Gateway's own, which has a `message` alone; from others anything. */
type ProblemBody = Readonly<
  Record<'detail' | 'message' | 'request_id' | 'errors' | 'errors_count', unknown>
>;

/** The service says less; a proxy may send a whole page. */
const MAX_TEXT = 2_000;

/** An answer that is no success, whoever gave it: a proxy on the way may have sent a page. */
export function problemOf(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  text: string,
  nowMs: number,
): ProblemError {
  const body = bodyOf(text);
  const errors = Array.isArray(body.errors) ? (body.errors as unknown[]) : [];
  const entries = errors.flatMap(entryOf);
  const { errors_count: count } = body;
  return problemError({
    status,
    detail:
      redirectText(status, headers.get('location')) ??
      textOf(body.detail) ??
      textOf(body.message) ??
      'The answer does not say why.',
    requestId: textOf(body.request_id) ?? headers.get('apigw-requestid') ?? undefined,
    entries,
    entriesCount: typeof count === 'number' ? count : entries.length,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs),
  });
}

/** Whoever answers so is at another address, and the key is for this one. */
function redirectText(status: number, location: string | null): string | undefined {
  if (status >= 400 || location === null) return undefined;
  const where = withoutLogin(location).slice(0, MAX_TEXT);
  return `It redirects to ${where}, where the key is not sent: is the service's address another?`;
}

function bodyOf(text: string): Partial<ProblemBody> {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** An entry as the service writes them; none of anything else. */
function entryOf(error: unknown): ProblemEntry[] {
  const { code, detail, pointer, order_number, value } = fieldsOf(error);
  if (typeof code !== 'string' || typeof detail !== 'string') return [];
  const texts = Object.entries({ pointer, order_number, value }).filter(
    ([, text]) => typeof text === 'string',
  );
  return [{ ...Object.fromEntries(texts), code, detail }];
}

const fieldsOf = (value: unknown): Partial<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? value : {};

const textOf = (value: unknown) =>
  typeof value === 'string' ? value.slice(0, MAX_TEXT) : undefined;

/**
 * Seconds, as this service writes them, or a date, as a proxy may.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
}
