import { type ProblemEntry, type ProblemError, problemError } from './errors.ts';

/** The service's, or API Gateway's own, which has a `message` alone. */
interface ProblemBody {
  readonly detail?: string;
  readonly message?: string;
  readonly request_id?: string;
  readonly errors?: readonly ProblemEntry[];
  readonly errors_count?: number;
}

/** An answer that is no success, whoever gave it: a proxy on the way may have sent a page. */
export function problemOf(
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  text: string,
  nowMs: number,
): ProblemError {
  const body = bodyOf(text);
  const entries = Array.isArray(body.errors) ? body.errors : [];
  return problemError({
    status,
    detail: body.detail ?? body.message ?? 'The answer does not say why.',
    requestId: body.request_id ?? headers.get('apigw-requestid') ?? undefined,
    entries,
    entriesCount: body.errors_count ?? entries.length,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), nowMs),
  });
}

function bodyOf(text: string): ProblemBody {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

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
