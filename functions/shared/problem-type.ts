import type { ProblemCode } from './problem-codes.ts';

/**
 * The `type` of a problem: the section of the API's page on it, as a relative reference, since a
 * function does not know by which host it was called. These addresses do not change.
 *
 * @param code where all that is wrong has the same @default the section of the status
 * @see https://www.rfc-editor.org/rfc/rfc9457#section-3.1.1
 */
export function problemType(status: number, code?: ProblemCode): string {
  return `/api/docs#${problemSection(status, code)}`;
}

/** The id of the page's section on a problem. */
export function problemSection(status: number, code?: ProblemCode): string {
  return code ?? `status-${status}`;
}
