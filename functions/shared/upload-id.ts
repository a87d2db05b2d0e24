import { Problem } from './problem.ts';
import type { SellerRequest } from './seller-handler.ts';

/** The `upload_id` in a request's path. @throws {Problem} 404 for what is none */
export function uploadIdOf({ pathParameters }: Pick<SellerRequest, 'pathParameters'>): string {
  const id = pathParameters?.id ?? '';
  if (!isUuid(id)) throw noSuchUpload();
  return id.toLowerCase();
}

/** Also of another seller's: nobody learns which ids there are. */
export const noSuchUpload = (cause?: Error) =>
  new Problem(404, { detail: 'There is no such upload.', cause });

export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
