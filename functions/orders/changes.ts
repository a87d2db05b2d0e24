import type { Kysely } from 'kysely';
import {
  CursorFromAnotherDatabaseError,
  CursorTooOldError,
} from '../../db/orders/changes-cursor.ts';
import { type Change, type ChangesQuery, readChanges } from '../../db/orders/read-changes.ts';
import type { Database } from '../../db/schema.ts';
import { fitsAnswer } from '../shared/compressed-answer.ts';
import { PAGE, readPage } from '../shared/cursor.ts';
import { JsonText } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { Problem } from '../shared/problem.ts';
import type { ProblemCode } from '../shared/problem-codes.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerAnswer, SellerCall, SellerRequest } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import { parseChangesCursor, writeChangesCursor } from './changes-cursor.ts';

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseChangesQuery({ rawQueryString }: SellerRequest): ChangesQuery {
  const query = new QueryString(rawQueryString);
  const user = query.required('user');
  const isPlace = (place: string) => parseChangesCursor(place) !== undefined;
  const { after: place, limit } = readPage(query, isPlace, PAGE);
  query.finish();
  return { user, limit, after: place === undefined ? undefined : parseChangesCursor(place) };
}

/** What was created, updated and deleted of a seller's orders since a page before. */
export async function changesOfOrders(
  db: Kysely<Database>,
  query: ChangesQuery,
  keptDays: number,
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const { user, after } = query;
  if (after && after.user !== user) throw anothersCursor();
  const page = await withRetries(context, 'changes tried again', () =>
    readChanges(db, query, keptDays),
  ).catch(refuseCursor);
  if (!page) throw noSuchSeller();
  const { next } = page;
  const changes = await Promise.all(page.changes.map(changeJson));
  logger.info('changes read', { changes: changes.length, is_beginning: after === undefined });
  return {
    body: {
      user,
      changes: new JsonText(`[${changes.join()}]`),
      next: writeChangesCursor(next),
    },
  };
}

/** An order that no answer can hold is left out, or nothing after it would ever be told. */
export async function changeJson({
  order_number,
  change,
  upload_id,
  json,
}: Change): Promise<string> {
  const facts = JSON.stringify({ order_number, change, upload_id });
  if (json === null) return facts;
  const order = (await fitsAnswer(json)) ? json : 'null';
  return `${facts.slice(0, -1)},"order":${order}}`;
}

function anothersCursor(): Problem {
  const detail = "Must be the `next` of a page of this user's.";
  return new Problem(400, {
    detail: 'A query parameter does not fit.',
    errors: [{ pointer: '?after', code: 'invalid_cursor', detail }],
    errorsCount: 1,
  });
}

function refuseCursor(error: unknown): never {
  if (error instanceof CursorFromAnotherDatabaseError) {
    throw lostCursor(
      'cursor_from_another_database',
      'The database was restored from a backup since.',
    );
  }
  if (error instanceof CursorTooOldError) {
    throw lostCursor('cursor_too_old', 'What was deleted since may no longer be known.');
  }
  throw error;
}

/** What comes after it cannot be told without the risk of leaving something out. */
function lostCursor(code: ProblemCode, why: string): Problem {
  const detail = `${why} Begin anew, without after, and forget the orders that do not come again.`;
  return new Problem(409, {
    detail,
    errors: [{ pointer: '?after', code, detail }],
    errorsCount: 1,
  });
}
