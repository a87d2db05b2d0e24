import type { DeletionOutcome } from '../../db/amend/delete-orders.ts';
import type { UndoOutcome } from '../../db/amend/undo-upload.ts';
import {
  COUNT,
  TEXT,
  TEXTS,
  UPLOAD_ID as UPLOAD_ID_FIELD,
  UUID,
} from '../shared/contract/fields.ts';
import { objectOf, oneOf } from '../shared/contract/json-schema.ts';
import {
  IDEMPOTENCY_KEY,
  OPTIONAL_QUERY_CODES,
  OPTIONAL_USER,
  ORDER_NUMBERS,
  QUERY_CODES,
  REPLAYED,
  UPLOAD_ID,
  USER,
} from '../shared/contract/parameters.ts';
import type { RouteContract } from '../shared/contract/route-contract.ts';
import { CONFLICTS } from './input.ts';

interface Deleted extends Omit<DeletionOutcome, 'is_replay'> {
  readonly user: string;
}

interface Undone extends Omit<UndoOutcome, 'is_replay'> {
  readonly user: string;
  readonly undone: string;
}

export const AMEND_CONTRACT = {
  'DELETE /api/orders': {
    id: 'deleteOrders',
    summary: 'Delete orders by their numbers',
    section: 'DELETE /api/orders?user=test_seller&order_number=12345',
    parameters: [USER, { ...ORDER_NUMBERS, required: true }, IDEMPOTENCY_KEY],
    answer: objectOf<Deleted>({
      user: TEXT,
      orders_deleted: COUNT,
      not_found: TEXTS,
      upload_id: UPLOAD_ID_FIELD,
    }),
    headers: REPLAYED,
    problems: {
      400: [...QUERY_CODES, 'too_long', 'out_of_range', 'invalid_idempotency_key'],
      422: ['idempotency_key_reused'],
    },
  },
  'POST /api/uploads/{id}/undo': {
    id: 'undoUpload',
    summary: 'Take back what one request did',
    section: 'POST /api/uploads/019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f/undo',
    parameters: [
      UPLOAD_ID,
      OPTIONAL_USER,
      {
        name: 'conflicts',
        in: 'query',
        description:
          'What becomes of orders that a later request has changed: they are left alone, or nothing is undone (409 changed_since).',
        schema: { ...oneOf(CONFLICTS), default: 'leave' },
      },
      IDEMPOTENCY_KEY,
    ],
    answer: objectOf<Undone>({
      user: TEXT,
      undone: UUID,
      orders_restored: COUNT,
      orders_removed: COUNT,
      orders_recreated: COUNT,
      orders_left_alone: COUNT,
      left_alone: TEXTS,
      upload_id: UPLOAD_ID_FIELD,
    }),
    headers: REPLAYED,
    problems: {
      400: [...OPTIONAL_QUERY_CODES, 'invalid_choice', 'invalid_idempotency_key'],
      404: [],
      409: ['changed_since', 'too_old'],
      422: ['idempotency_key_reused'],
    },
  },
} as const satisfies Readonly<Record<string, RouteContract>>;
