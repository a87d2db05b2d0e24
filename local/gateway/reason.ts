import type { Answer } from './answer.ts';

/** Longer ones would take more than a line of a terminal. */
const MAX_LENGTH = 100;

/**
 * Why an answer is no success, in what it says itself, as `: …`: the codes of a problem's errors or
 * its detail, a message of the gateway, what a page says beside a field or in its heading. Nothing
 * of what errors quote, which may be what was sent.
 */
export function reasonOf({ status, headers, body }: Answer): string {
  if (status < 400 || headers['content-encoding'] !== undefined) return '';
  const type = String(headers['content-type'] ?? '');
  const text = body.toString();
  const reason = type.startsWith('text/html') ? reasonOfPage(text) : reasonOfJson(text);
  return reason ? `: ${reason.slice(0, MAX_LENGTH)}` : '';
}

function reasonOfJson(text: string): string | undefined {
  const { errors, detail, message } = parsed(text);
  if (Array.isArray(errors) && errors.length > 0) {
    const codes = errors.map((error) => error?.code).filter((code) => typeof code === 'string');
    return [...new Set(codes)].join(', ');
  }
  const reason = detail ?? message;
  return typeof reason === 'string' ? reason : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Words without markup in them. */
function reasonOfPage(text: string): string | undefined {
  return /class="field-error"[^>]*>([^<]+)</.exec(text)?.[1] ?? /<h1[^>]*>([^<]+)</.exec(text)?.[1];
}
