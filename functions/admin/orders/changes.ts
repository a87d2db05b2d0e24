import type { HistoryItem, OrderState } from '../../../db/admin/order-history.ts';
import { money } from '../../shared/pages/format.ts';

/** A part of an order, as it was and as it became; `undefined` on the side where it was not. */
export interface Changed {
  readonly what: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between two states of an order, field by field and line by line. */
export function changesBetween(before: OrderState, after: OrderState): Changed[] {
  const fields: Changed[] = [
    { what: 'Status', before: before.status, after: after.status },
    { what: 'Total', before: money(before.total_amount), after: money(after.total_amount) },
    { what: 'Created', before: shown(before.created_at), after: shown(after.created_at) },
    {
      what: 'Updated in the shop',
      before: shown(before.updated_at),
      after: shown(after.updated_at),
    },
  ].filter((field) => field.before !== field.after);
  return [...fields, ...itemChanges(before, after)];
}

/** To the microsecond where there are any: instants that differ in less than a second do differ. */
const shown = (instant: string | null) =>
  instant?.replace('T', ' ').replace(/(\.000000)?Z$/, ' UTC') ?? 'not said';

function itemChanges(before: OrderState, after: OrderState): Changed[] {
  if (before.items_digest === after.items_digest) return [];
  if (!before.items || !after.items) {
    return [{ what: 'Items', before: 'too many to compare here', after: 'changed' }];
  }
  const pairs = paired(before.items, after.items);
  const changes = pairs.flatMap(([was, is]) => lineChanges(was, is));
  if (changes.length > 0) return changes;
  return [{ what: 'Items', before: 'the same', after: 'in another order' }];
}

type Pair = readonly [HistoryItem | undefined, HistoryItem | undefined];

/** Lines of the same SKU belong together, the first with the first; others have come or gone. */
function paired(before: readonly HistoryItem[], after: readonly HistoryItem[]): Pair[] {
  const waiting = new Map<string, HistoryItem[]>();
  for (const item of before) waiting.set(item.sku, [...(waiting.get(item.sku) ?? []), item]);
  const pairs: Pair[] = after.map((item) => [waiting.get(item.sku)?.shift(), item]);
  const gone = [...waiting.values()].flat().map((item): Pair => [item, undefined]);
  return [...pairs, ...gone];
}

function lineChanges(was: HistoryItem | undefined, is: HistoryItem | undefined): Changed[] {
  const { sku } = is ?? was ?? { sku: '' };
  if (!was || !is) {
    return [{ what: `Item ${sku}`, before: was && whole(was), after: is && whole(is) }];
  }
  return [
    { what: `Item ${sku}: name`, before: was.name, after: is.name },
    { what: `Item ${sku}: quantity`, before: String(was.quantity), after: String(is.quantity) },
    { what: `Item ${sku}: price`, before: money(was.price), after: money(is.price) },
  ].filter((field) => field.before !== field.after);
}

const whole = ({ name, quantity, price }: HistoryItem) => `${name}, ${quantity} × ${money(price)}`;
