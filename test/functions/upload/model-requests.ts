import fc from 'fast-check';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import type { Model, ModelDeletion, ModelRequest, ModelUndoing, ModelUpload } from './model.ts';

export const USERS = ['seller-1', 'seller-2'];

const NUMBERS = ['A', 'b', 'Ж', 'ж'];

/** Whose the receipt is. */
const OWNER = 'its owner';

const aUser = fc.oneof(
  { weight: 4, arbitrary: fc.constant(USERS[0]!) },
  { weight: 1, arbitrary: fc.constant(USERS[1]!) },
);

/** Few, so that requests come again and others come with the key of one. */
const aKey = fc.oneof(
  { weight: 5, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('key-1', 'key-2') },
);

const anItem = fc.record({
  sku: fc.constantFrom('tea01', 'cup01'),
  name: fc.constantFrom('Чай "зелёный"', 'Чашка \\ 🍵'),
  quantity: fc.oneof(
    { weight: 60, arbitrary: fc.nat(2) },
    { weight: 1, arbitrary: fc.constant(-1) },
  ),
  price: fc.constantFrom('500.00', '0.01', '-1.50'),
});

/** Few numbers, days, statuses, amounts and times, so that uploads meet each other often. */
const anOrder: fc.Arbitrary<UploadedOrder> = fc.record({
  order_number: fc.constantFrom(...NUMBERS),
  created_at: fc.constantFrom('2025-11-12T23:59:59.999999Z', '2025-11-13T00:00:00.000000Z'),
  total_amount: fc.constantFrom('2500.00', '-0.01', '9999999999.99'),
  status: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom('new', 'paid') },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  updated_at: fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('2025-11-14T00:00:00.000000Z', '2025-11-14T00:00:00.000001Z'),
    },
  ),
  items: fc.array(anItem, { maxLength: 3 }),
});

const anUpload: fc.Arbitrary<ModelUpload> = fc.record({
  user: aUser,
  orders: fc.oneof(
    {
      weight: 10,
      arbitrary: fc.uniqueArray(anOrder, {
        selector: (order) => order.order_number,
        minLength: 1,
        maxLength: 3,
      }),
    },
    { weight: 1, arbitrary: fc.array(anOrder, { maxLength: 4 }) },
  ),
  key: aKey,
});

const aDeletion: fc.Arbitrary<ModelDeletion> = fc.record({
  user: aUser,
  numbers: fc.uniqueArray(fc.constantFrom(...NUMBERS), { minLength: 1, maxLength: 4 }).map(sorted),
  key: aKey,
});

/** Of one of the last few receipts, as many before the last as `undoes` says; see `aimed`. */
const anUndoing: fc.Arbitrary<ModelUndoing> = fc.record({
  user: fc.oneof({ weight: 10, arbitrary: fc.constant(OWNER) }, { weight: 1, arbitrary: aUser }),
  undoes: fc.nat(3),
  refusesConflicts: fc.boolean(),
  key: aKey,
});

export const aRequest: fc.Arbitrary<ModelRequest> = fc.oneof(
  { weight: 5, arbitrary: anUpload },
  { weight: 1, arbitrary: aDeletion },
  { weight: 5, arbitrary: anUndoing },
);

/** Days of which a nightly run is to prove those from one to before another. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

const DAYS = ['2025-11-11', '2025-11-12', '2025-11-13', '2025-11-14'];

/** Of the orders' days, and of those before and after them. */
export const aPeriod: fc.Arbitrary<Period> = fc
  .uniqueArray(fc.constantFrom(...DAYS), { minLength: 2, maxLength: 2 })
  .map((days) => sorted(days))
  .map(([from = '', to = '']) => ({ from, to }));

/** The request to a service that is as the model. */
export function aimed(request: ModelRequest, model: Model): ModelRequest {
  if (!('undoes' in request)) return request;
  const undoes = Math.max(model.receiptsCount - 1 - request.undoes, 0);
  const owner = model.ownerOf(undoes) ?? USERS[0]!;
  return { ...request, undoes, user: request.user === OWNER ? owner : request.user };
}

function sorted(numbers: readonly string[]): string[] {
  return [...numbers].sort();
}
