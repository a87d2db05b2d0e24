import {
  AMOUNT,
  COUNT,
  DAY,
  INSTANT,
  ITEM,
  TEXT,
  TEXTS,
  UPLOAD_ID,
} from '../shared/contract/fields.ts';
import {
  arrayOf,
  type JsonSchema,
  objectOf,
  oneOf,
  orNull,
} from '../shared/contract/json-schema.ts';
import { COMPRESSED, IDEMPOTENCY_KEY, REPLAYED } from '../shared/contract/parameters.ts';
import type { RouteContract } from '../shared/contract/route-contract.ts';

const COUNTS = {
  user: TEXT,
  orders_created: COUNT,
  orders_updated: COUNT,
  orders_unchanged: COUNT,
  items_count: { ...COUNT, description: "All items of the upload's orders." },
  orders_stale: { ...COUNT, description: 'Orders of which a newer updated_at is stored.' },
};

const STALE_NUMBERS = { ...TEXTS, maxItems: 100, description: 'There when any is.' };

const STORED = objectOf(
  {
    ...COUNTS,
    upload_id: UPLOAD_ID,
    stale_order_numbers: STALE_NUMBERS,
  },
  ['stale_order_numbers'],
);

const change = (value: JsonSchema) => objectOf({ from: value, to: value });

const PREVIEWED_ORDER = objectOf(
  {
    order_number: TEXT,
    action: oneOf(['created', 'updated', 'unchanged', 'stale']),
    changes: objectOf(
      {
        created_at: change(INSTANT),
        status: change(TEXT),
        total_amount: change(AMOUNT),
        updated_at: objectOf({ from: orNull(INSTANT), to: INSTANT }),
      },
      ['created_at', 'status', 'total_amount', 'updated_at'],
    ),
    items: arrayOf(
      objectOf(
        {
          line_no: { type: 'integer', minimum: 1 },
          change: oneOf(['added', 'removed', 'changed']),
          from: ITEM,
          to: ITEM,
        },
        ['from', 'to'],
      ),
    ),
  },
  ['changes', 'items'],
);

const PREVIEW = objectOf(
  {
    ...COUNTS,
    upload_id: { type: 'null' },
    stale_order_numbers: STALE_NUMBERS,
    dry_run: { const: true },
    orders: arrayOf(PREVIEWED_ORDER),
    orders_without_details: COUNT,
    days: arrayOf(
      objectOf({
        date: DAY,
        status: TEXT,
        orders_count: { type: 'integer', description: 'By how much it would change.' },
        total_revenue: AMOUNT,
      }),
    ),
  },
  ['stale_order_numbers', 'orders_without_details'],
);

export const UPLOAD_CONTRACT = {
  'POST /api/orders/upload': {
    id: 'uploadOrders',
    summary: "Store a seller's orders, all or none",
    section: 'POST /api/orders/upload',
    furtherExamples: ['Trying it first', 'Messages that overtake each other'],
    parameters: [
      {
        name: 'dry_run',
        in: 'query',
        description: 'true: checks the upload and answers what it would do, and does nothing.',
        schema: { type: 'boolean', default: false },
      },
      IDEMPOTENCY_KEY,
      {
        name: 'Content-Encoding',
        in: 'header',
        description: 'gzip, together with Content-Type: application/octet-stream.',
        schema: oneOf(['gzip']),
      },
    ],
    answer: { anyOf: [STORED, PREVIEW] },
    headers: { ...REPLAYED, ...COMPRESSED },
    problems: {
      400: [
        ...([
          'empty_body',
          'invalid_json',
          'invalid_gzip',
          'invalid_utf8',
          'too_many_values',
        ] as const),
        ...(['missing', 'invalid_type', 'too_short', 'too_long', 'out_of_range'] as const),
        ...(['invalid_text', 'invalid_amount', 'invalid_date_time'] as const),
        ...(['outer_space', 'invisible_character', 'duplicate'] as const),
        ...(['unknown', 'invalid_choice', 'invalid_idempotency_key', 'answer_too_large'] as const),
      ],
      406: [],
      409: ['taken'],
      413: [],
      415: [],
      422: ['idempotency_key_reused'],
    },
  },
} as const satisfies Readonly<Record<string, RouteContract>>;
