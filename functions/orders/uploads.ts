import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { findReceipt, listReceipts, type ReceiptsQuery } from '../../db/uploads/stored-receipts.ts';
import { readPage, writeCursor } from '../shared/cursor.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { Problem } from '../shared/problem.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerAnswer, SellerCall, SellerRequest } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import { parseUser } from './input.ts';

const PAGE = { limit: 100, maxLimit: 500 };

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseUploadsQuery({ rawQueryString }: SellerRequest): ReceiptsQuery {
  const query = new QueryString(rawQueryString);
  const asked = { user: query.required('user'), ...readPage(query, isUuid, PAGE) };
  query.finish();
  return asked;
}

/** A page of a seller's receipts, the newest first, and where the next one begins. */
export async function pageOfUploads(
  db: Kysely<Database>,
  query: ReceiptsQuery,
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const page = await withRetries(context, 'uploads tried again', () => listReceipts(db, query));
  if (!page) throw noSuchSeller();
  const { receipts: uploads, hasMore } = page;
  const last = uploads.at(-1);
  const next = hasMore && last ? writeCursor(last.upload_id) : null;
  return { body: { user: query.user, uploads, next } };
}

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseUpload(request: SellerRequest) {
  return { ...parseUser(request), uploadId: request.pathParameters?.id ?? '' };
}

/** One receipt, with the orders that nothing has changed since. */
export async function uploadById(
  db: Kysely<Database>,
  { user, uploadId }: { readonly user: string; readonly uploadId: string },
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const receipt = isUuid(uploadId)
    ? await withRetries(context, 'upload tried again', () => findReceipt(db, user, uploadId))
    : undefined;
  if (!receipt) throw new Problem(404, { detail: 'There is no such upload.' });
  return { body: { user, ...receipt } };
}

function isUuid(text: string): boolean {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
