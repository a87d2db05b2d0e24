import type { UploadedItem, UploadedOrder } from '../../db/uploads/order-columns.ts';
import type { PreviewedDay, UploadPreview } from '../../db/uploads/preview.ts';
import type { StoredOrder } from '../../db/uploads/stored-orders.ts';
import { decimal } from '../shared/json-response.ts';
import type { Upload } from './input.ts';

/** How much of what would change is told order by order. */
const MAX_DETAILS_BYTES = 3 * 1024 * 1024;

/** How many of those that would be left alone are named apart, as after an upload. */
const MAX_STALE = 100;

const ACTIONS = {
  create: 'created',
  update: 'updated',
  keep: 'unchanged',
  stale: 'stale',
} as const;

/** What a dry run answers: the upload's own fields, then what would become of orders and days. */
export function previewBody(
  { user, orders, itemsCount }: Upload,
  { orders: previewed, days }: UploadPreview,
) {
  const entries: object[] = [];
  const counts = { create: 0, update: 0, keep: 0, stale: 0 };
  let detailsBytes = 0;
  let leftOut = 0;
  for (const order of orders) {
    const found = previewed.get(order.order_number);
    if (!found) throw new Error('An order of the upload was not previewed.');
    const { action, stored } = found;
    counts[action] += 1;
    const entry = { order_number: order.order_number, action: ACTIONS[action] };
    const details = action === 'update' && stored ? differences(stored, order) : undefined;
    detailsBytes += details ? Buffer.byteLength(JSON.stringify(details)) : 0;
    const isTold = action !== 'update' || (details && detailsBytes <= MAX_DETAILS_BYTES);
    if (!isTold) leftOut += 1;
    entries.push(isTold ? { ...entry, ...details } : entry);
  }
  const stale = [...previewed]
    .filter(([, { action }]) => action === 'stale')
    .map(([orderNumber]) => orderNumber);
  return {
    user,
    orders_created: counts.create,
    orders_updated: counts.update,
    orders_unchanged: counts.keep,
    items_count: itemsCount,
    orders_stale: counts.stale,
    upload_id: null,
    ...(stale.length > 0 && { stale_order_numbers: stale.slice(0, MAX_STALE) }),
    dry_run: true,
    orders: entries,
    ...(leftOut > 0 && { orders_without_details: leftOut }),
    days: days.map(dayEntry),
  };
}

function dayEntry({ total_revenue, ...day }: PreviewedDay) {
  return { ...day, total_revenue: decimal(total_revenue) };
}

/** Field by field, and the items line by line. */
function differences(stored: StoredOrder, sent: UploadedOrder) {
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  for (const field of ['created_at', 'status'] as const) {
    if (stored[field] !== sent[field]) changes[field] = { from: stored[field], to: sent[field] };
  }
  if (stored.total_amount !== sent.total_amount) {
    changes.total_amount = { from: decimal(stored.total_amount), to: decimal(sent.total_amount) };
  }
  if (sent.updated_at !== undefined && stored.updated_at !== sent.updated_at) {
    changes.updated_at = { from: stored.updated_at, to: sent.updated_at };
  }
  return { changes, items: lineDifferences(stored.items, sent.items) };
}

function lineDifferences(stored: StoredOrder['items'], sent: readonly UploadedItem[]) {
  const lines: object[] = [];
  for (let i = 0; i < Math.max(stored.length, sent.length); i += 1) {
    const [was, is] = [stored[i], sent[i]];
    const from = was && shownItem({ ...was, quantity: Number(was.quantity) });
    const to = is && shownItem(is);
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    const change = from ? (to ? 'changed' : 'removed') : 'added';
    lines.push({ line_no: i + 1, change, ...(from && { from }), ...(to && { to }) });
  }
  return lines;
}

function shownItem({ sku, name, quantity, price }: UploadedItem) {
  return { sku, name, quantity, price: decimal(price) };
}
