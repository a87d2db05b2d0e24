import { uploadBatches } from '../../../db/uploads/batches.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';

/** Whether a stored order would stay as it is; when it was changed is not said by every upload. */
export function isSame(stored: UploadedOrder, sent: UploadedOrder): boolean {
  const { updated_at = stored.updated_at } = sent;
  return JSON.stringify(fields(stored)) === JSON.stringify(fields({ ...sent, updated_at }));
}

/** Of two states the one of the later time is newer, or else the one that is greater. */
export function isStale(stored: UploadedOrder, sent: UploadedOrder): boolean {
  if (stored.updated_at === undefined || sent.updated_at === undefined) return false;
  const [were, are] = [age(stored), age(sent)];
  const differing = were.findIndex((value, i) => value !== are[i]);
  return differing >= 0 && are[differing]! < were[differing]!;
}

/** The order as it is stored over another. */
export function withLatestTime(
  stored: UploadedOrder | undefined,
  sent: UploadedOrder,
): UploadedOrder {
  const updated_at = sent.updated_at ?? stored?.updated_at;
  return updated_at === undefined ? sent : { ...sent, updated_at };
}

function fields({
  order_number,
  created_at,
  total_amount,
  status,
  updated_at,
  items,
}: UploadedOrder) {
  return [order_number, created_at, total_amount, status, updated_at, items];
}

function age(order: UploadedOrder): (string | bigint | undefined)[] {
  const { updated_at, created_at, total_amount, status } = order;
  return [updated_at, created_at, BigInt(total_amount.replace('.', '')), status, digestOf(order)];
}

/** As text that sorts as its bytes do. */
function digestOf(order: UploadedOrder): string {
  const [batch] = uploadBatches([order]);
  return Buffer.from(batch!.orders.items_digest.slice(1, -1), 'base64').toString('hex');
}
