import type { GivenItem, GivenOrder } from '../../../db/orders/order-json.ts';
import type { Receipt } from '../../../db/uploads/stored-receipts.ts';
import { arrayOf, type JsonSchema, objectOf, oneOf, orNull } from './json-schema.ts';

// What answers are made of, as JSON Schema.

export const TEXT = { type: 'string' } as const satisfies JsonSchema;
export const COUNT = { type: 'integer', minimum: 0 } as const satisfies JsonSchema;
export const TEXTS = arrayOf(TEXT);

export const UUID = { type: 'string', format: 'uuid' } as const satisfies JsonSchema;

export const DAY = { type: 'string', format: 'date' } as const satisfies JsonSchema;

export const INSTANT = {
  type: 'string',
  format: 'date-time',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`,
} as const satisfies JsonSchema;

export const SHA256 = {
  type: 'string',
  pattern: '^[0-9a-f]{64}$',
} as const satisfies JsonSchema;

export const KEY_ID = {
  type: 'string',
  description: "A key's id, which is a part of it and no secret.",
} as const satisfies JsonSchema;

export const AMOUNT = {
  type: 'number',
  format: 'decimal',
  description:
    'A JSON number with exactly two decimals, of which none is lost: 2500.00. Sums may have more digits than a binary fraction holds; read them with a decimal parser.',
} as const satisfies JsonSchema;

export const UPLOAD_ID = orNull({
  ...UUID,
  description: 'Of the receipt; null where there is none.',
});

export const ITEM = objectOf<GivenItem>({
  sku: TEXT,
  name: TEXT,
  quantity: COUNT,
  price: AMOUNT,
});

export const ORDER = objectOf<GivenOrder>({
  order_number: TEXT,
  created_at: INSTANT,
  total_amount: AMOUNT,
  status: TEXT,
  updated_at: orNull(INSTANT),
  items: arrayOf(ITEM),
  version: { type: 'integer', minimum: 1 },
  upload_id: UPLOAD_ID,
  first_uploaded_at: INSTANT,
  last_changed_at: INSTANT,
});

type ReceiptFields = { readonly [Name in keyof Receipt]: JsonSchema };

export const RECEIPT_FIELDS: ReceiptFields = {
  upload_id: UUID,
  kind: oneOf(['upload', 'delete', 'undo'] satisfies Receipt['kind'][]),
  created_at: INSTANT,
  key_id: { ...KEY_ID, description: "A key's id; `admin` where a person of the service did it." },
  request_id: TEXT,
  orders_count: COUNT,
  items_count: COUNT,
  orders_created: COUNT,
  orders_updated: COUNT,
  orders_unchanged: COUNT,
  orders_stale: COUNT,
  stale_order_numbers: TEXTS,
  orders_deleted: COUNT,
  idempotency_key: orNull(TEXT),
  body_sha256: orNull(SHA256),
  undoes: orNull(UUID),
};
