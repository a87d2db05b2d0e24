import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { findReceipt, listReceipts, type ReceiptsQuery } from '../../db/uploads/stored-receipts.ts';
import { PAGE, readPage, writeCursor } from '../shared/cursor.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerAnswer, SellerCall, SellerRequest } from '../shared/seller-handler.ts';
import { isUuid, noSuchUpload, uploadIdOf } from '../shared/upload-id.ts';
import { withRetries } from '../shared/with-retries.ts';
import { parseUser } from './input.ts';

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

/** @throws {Problem} 400 with everything that is wrong with the query, 404 for what is no id */
export function parseUpload(request: SellerRequest) {
  return { ...parseUser(request), uploadId: uploadIdOf(request) };
}

/** One receipt, with the orders that nothing has changed since. */
export async function uploadById(
  db: Kysely<Database>,
  { user, uploadId }: { readonly user: string; readonly uploadId: string },
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const receipt = await withRetries(context, 'upload tried again', () =>
    findReceipt(db, user, uploadId),
  );
  if (!receipt) throw noSuchUpload();
  return { body: { user, ...receipt } };
}
