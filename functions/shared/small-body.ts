import { Problem } from './problem.ts';

/** In characters as API Gateway hands it over. */
const MAX_BODY_LENGTH = 64 * 1024;

/** For what people fill in, which is a few lines. @throws {Problem} 413 */
export function requireSmallBody({ body }: { readonly body?: string }): void {
  if (body === undefined || body.length <= MAX_BODY_LENGTH) return;
  throw new Problem(413, { detail: `At most ${MAX_BODY_LENGTH} bytes (64 KiB) are read here.` });
}
