import type { ReceiptWithOrders } from '../../db/uploads/stored-receipts.ts';
import { SCOPES } from '../routes.ts';
import {
  AMOUNT,
  COUNT,
  DAY,
  INSTANT,
  KEY_ID,
  ORDER,
  RECEIPT_FIELDS,
  SHA256,
  TEXT,
  TEXTS,
  UPLOAD_ID as UPLOAD_ID_FIELD,
} from '../shared/contract/fields.ts';
import { arrayOf, objectOf, oneOf, orNull } from '../shared/contract/json-schema.ts';
import {
  AFTER,
  COMPRESSED,
  LIMIT,
  OPTIONAL_QUERY_CODES,
  OPTIONAL_USER,
  ORDER_NUMBERS,
  PAGE_CODES,
  PERIOD,
  PERIOD_CODES,
  QUERY_CODES,
  REQUIRED_PERIOD,
  STATUS,
  UPLOAD_ID,
  USER,
} from '../shared/contract/parameters.ts';
import type { RouteContract } from '../shared/contract/route-contract.ts';
import { MAX_DAYS } from './digest.ts';

const NEXT = orNull({ type: 'string', description: 'Of the next page; null on the last.' });

export const ORDERS_CONTRACT = {
  'GET /api/orders': {
    id: 'getOrders',
    summary: 'Orders by their numbers, or all of them in pages',
    section: 'GET /api/orders?user=test_seller&order_number=12345',
    furtherExamples: ['GET /api/orders?user=test_seller&from=2025-11-01&to=2025-12-01'],
    parameters: [
      USER,
      {
        ...ORDER_NUMBERS,
        description: `${ORDER_NUMBERS.description} Goes with none of the parameters that follow.`,
      },
      ...PERIOD,
      STATUS,
      AFTER,
      LIMIT,
    ],
    answer: {
      anyOf: [
        objectOf({
          user: TEXT,
          orders: arrayOf(ORDER),
          not_found: { ...TEXTS, description: 'Numbers that the seller has no order of.' },
        }),
        objectOf({ user: TEXT, orders: arrayOf(ORDER), next: NEXT }),
      ],
    },
    headers: COMPRESSED,
    problems: {
      400: [...QUERY_CODES, ...PERIOD_CODES, 'invalid_cursor', 'too_long', 'answer_too_large'],
      404: [],
      406: [],
    },
  },
  'GET /api/orders/changes': {
    id: 'getChanges',
    summary: 'What was created, updated or deleted since',
    section: 'GET /api/orders/changes?user=test_seller&after=CURSOR',
    completedBy: 'GET /api/orders?user=test_seller&order_number=12345',
    parameters: [USER, AFTER, LIMIT],
    answer: objectOf({
      user: TEXT,
      changes: arrayOf(
        objectOf(
          {
            order_number: TEXT,
            change: oneOf(['created', 'updated', 'deleted']),
            upload_id: UPLOAD_ID_FIELD,
            order: {
              anyOf: [ORDER, { type: 'null' }],
              description: 'Not there of a deletion; null where no answer can hold it.',
            },
          },
          ['order'],
        ),
      ),
      next: TEXT,
    }),
    headers: COMPRESSED,
    problems: {
      400: [...QUERY_CODES, ...PAGE_CODES, 'answer_too_large'],
      404: [],
      406: [],
      409: ['cursor_from_another_database', 'cursor_too_old'],
    },
  },
  'GET /api/orders/digest': {
    id: 'getDigest',
    summary: "A hash of each day's orders, to compare with one's own",
    section: 'GET /api/orders/digest?user=test_seller&from=2025-11-12&to=2025-11-13',
    parameters: [USER, ...REQUIRED_PERIOD],
    answer: objectOf({
      user: TEXT,
      from: DAY,
      to: { type: 'string', pattern: String.raw`^\d{4,5}-\d\d-\d\d$` },
      days: arrayOf(
        objectOf({ date: DAY, orders_count: COUNT, total_revenue: AMOUNT, digest: SHA256 }),
        { maxItems: MAX_DAYS },
      ),
    }),
    problems: {
      400: [...QUERY_CODES, ...PERIOD_CODES, 'too_many_buckets', 'answer_too_large'],
      404: [],
    },
  },
  'GET /api/uploads': {
    id: 'getUploads',
    summary: 'The receipts of uploads, deletions and undos',
    section: 'GET /api/uploads?user=test_seller',
    parameters: [USER, AFTER, LIMIT],
    answer: objectOf({ user: TEXT, uploads: arrayOf(objectOf(RECEIPT_FIELDS)), next: NEXT }),
    headers: COMPRESSED,
    problems: { 400: [...QUERY_CODES, ...PAGE_CODES], 404: [], 406: [] },
  },
  'GET /api/uploads/{id}': {
    id: 'getUpload',
    summary: 'One receipt, with its orders',
    section: 'GET /api/uploads/019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f',
    completedBy: 'GET /api/uploads?user=test_seller',
    parameters: [UPLOAD_ID, OPTIONAL_USER],
    answer: objectOf<ReceiptWithOrders & { readonly user: string }>({
      user: TEXT,
      ...RECEIPT_FIELDS,
      order_numbers: {
        ...TEXTS,
        maxItems: 100,
        description: 'Of the orders that nothing has changed since, the first 100.',
      },
    }),
    problems: { 400: OPTIONAL_QUERY_CODES, 404: [] },
  },
  'GET /api/whoami': {
    id: 'whoami',
    summary: 'Whose key this is and what it is good for',
    section: 'GET /api/whoami',
    parameters: [OPTIONAL_USER],
    answer: objectOf({
      user: TEXT,
      key_id: KEY_ID,
      scopes: arrayOf(oneOf(SCOPES)),
      expires_at: orNull(INSTANT),
    }),
    problems: { 400: OPTIONAL_QUERY_CODES },
  },
} as const satisfies Readonly<Record<string, RouteContract>>;
