import { Problem } from './problem.ts';

/** In characters as API Gateway hands it over. */
const MAX_BODY_LENGTH = 64 * 1024;

/** Whether a body has no more than people fill in, which is a few lines. */
export function isSmallBody({ body = '' }: { readonly body?: string }): boolean {
  return body.length <= MAX_BODY_LENGTH;
}

/** @throws {Problem} 413 unless it is small */
export function requireSmallBody(event: { readonly body?: string }): void {
  if (isSmallBody(event)) return;
  throw new Problem(413, { detail: `At most ${MAX_BODY_LENGTH} bytes (64 KiB) are read here.` });
}
