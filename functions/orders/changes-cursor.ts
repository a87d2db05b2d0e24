import * as v from 'valibot';
import type { ChangesCursor } from '../../db/orders/changes-cursor.ts';
import { writeCursor } from '../shared/cursor.ts';

const XidSchema = v.pipe(v.string(), v.regex(/^\d{1,19}$/));
const NumberSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A cursor as it travels: values without names, since it goes to and fro with each page. */
const PlaceSchema = v.strictTuple([
  v.string(),
  XidSchema,
  NumberSchema,
  NumberSchema,
  v.nullable(v.strictTuple([v.pipe(v.string(), v.uuid()), XidSchema, NumberSchema])),
]);

/** What a reader of changes stores. */
export function writeChangesCursor({
  user,
  xid,
  orderId,
  completeAtMs,
  receipt,
}: ChangesCursor): string {
  const mark = receipt && [receipt.id, receipt.xid, receipt.createdAtUs];
  return writeCursor(JSON.stringify([user, xid, orderId, completeAtMs, mark]));
}

/** @returns `undefined` of what no page of changes has had as its `next` */
export function parseChangesCursor(place: string): ChangesCursor | undefined {
  const { success, output } = v.safeParse(PlaceSchema, parsed(place));
  if (!success) return undefined;
  const [user, xid, orderId, completeAtMs, mark] = output;
  const receipt = mark && { id: mark[0], xid: mark[1], createdAtUs: mark[2] };
  return { user, xid, orderId, completeAtMs, receipt };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
