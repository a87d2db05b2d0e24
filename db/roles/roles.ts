import { namesOf, ORDER_COLUMNS } from '../uploads/order-columns.ts';
import { storeBatch } from '../uploads/store-batch.ts';
import type { RoleName } from './names.ts';
import type { Planner, Role } from './role.ts';
import {
  ADDED_LINES,
  AMENDED,
  AMENDING,
  CHANGED_COLUMNS,
  INDEXED,
  KEPT_ROLL_UP,
  LAST_REFUSAL_COLUMNS,
  RECEIPT_COLUMNS,
  VERSION_COLUMNS,
  WRITING,
  WRITTEN_ITEMS,
} from './shared-rights.ts';

/**
 * A page or an upload's call is about some thousand rows at most: reading a table from end to end
 * is never right, and neither compiling nor helpers are ever worth their start.
 */
const FEW_ROWS: Planner = {
  random_page_cost: '1.1',
  enable_seqscan: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
};

/**
 * Every role with exactly the rights that its function needs. The migrate function makes the
 * database so: what is not here is revoked. A new table is nobody's until it has lines here.
 */
export const ROLES: Readonly<Record<RoleName, Role>> = {
  upload: {
    tables: {
      users: { SELECT: 'all', INSERT: ['username'] },
      orders: {
        SELECT: 'all',
        INSERT: ['user_id', 'order_number', ...namesOf(ORDER_COLUMNS), 'updated_at'],
        UPDATE: CHANGED_COLUMNS,
      },
      order_items: WRITTEN_ITEMS,
      daily_order_stats: KEPT_ROLL_UP,
      uploads: {
        SELECT: 'all',
        INSERT: RECEIPT_COLUMNS,
        UPDATE: ['orders_created', 'orders_updated', 'orders_stale', 'stale_order_numbers'],
      },
      order_versions: { INSERT: VERSION_COLUMNS },
      upload_refusals: {
        SELECT: 'all',
        INSERT: ['user_id', 'code', ...LAST_REFUSAL_COLUMNS],
        UPDATE: ['refusals_count', 'last_at', ...LAST_REFUSAL_COLUMNS],
      },
    },
    functions: WRITING,
    routines: [storeBatch],
    timeouts: {
      statement_timeout: '29s', // as its function: nobody hears a later answer
      // Between calls it only writes the next batch's JSON.
      idle_in_transaction_session_timeout: '15s',
      // Longer than any upload of the same orders takes, shorter than the request.
      lock_timeout: '10s',
    },
    planner: FEW_ROWS,
  },
  amend: {
    tables: AMENDED,
    functions: AMENDING,
    timeouts: {
      statement_timeout: '29s', // as its function; undoing 40,000 orders takes most of it
      idle_in_transaction_session_timeout: '5s', // it opens no transaction
      lock_timeout: '10s', // as uploads of the same orders
    },
    // It looks up everything by keys, however little is known of how many there are.
    planner: { enable_seqscan: 'off', jit: 'off' },
  },
  orders: {
    tables: {
      users: { SELECT: 'all' },
      orders: {
        SELECT: [
          'id',
          'user_id',
          'order_number',
          'created_at',
          'total_amount',
          'status',
          'updated_at',
          'items_digest',
          'version',
          'created_xid',
          'changed_xid',
          'first_uploaded_at',
          'last_changed_at',
        ],
      },
      order_items: { SELECT: 'all' },
      uploads: { SELECT: 'all' },
      order_versions: {
        SELECT: ['order_id', 'user_id', 'order_number', 'replaced_xid', 'is_deletion'],
      },
      daily_order_stats: { SELECT: ['user_id', 'day', 'status', 'orders_count'] },
    },
    timeouts: {
      statement_timeout: '10s', // a megabyte of orders takes a tenth of a second
      idle_in_transaction_session_timeout: '5s', // it opens no transaction
      lock_timeout: '2s', // only a migration can lock out a reader
    },
    planner: FEW_ROWS,
  },
  stats: {
    tables: { users: { SELECT: 'all' }, daily_order_stats: { SELECT: 'all' } },
    timeouts: {
      statement_timeout: '10s', // some hundred rows take milliseconds
      idle_in_transaction_session_timeout: '5s', // it opens no transaction
      lock_timeout: '2s', // only a migration can lock out a reader
    },
  },
  daily_stats: {
    tables: {
      users: { SELECT: 'all' },
      orders: { SELECT: 'all', UPDATE: ['items_digest'] },
      order_items: { SELECT: 'all' },
      daily_order_stats: {
        SELECT: 'all',
        INSERT: ['user_id', 'day', 'status', 'orders_count', 'total_revenue'],
        UPDATE: ['orders_count', 'total_revenue'],
        DELETE: 'all',
      },
      nightly_runs: {
        SELECT: 'all',
        INSERT: ['id', 'kind', 'period_from', 'period_to', 'status'],
        UPDATE: [
          'status',
          'finished_at',
          'duration_ms',
          'days_checked',
          'rows_checked',
          'drift_found',
          'drift_repaired',
          'orders_checked',
          'orders_damaged',
          'noticed_by',
          'error',
        ],
      },
      order_versions: { SELECT: 'all', DELETE: 'all' },
      uploads: { SELECT: ['id', 'xid'] },
      upload_refusals: { SELECT: ['day'], DELETE: 'all' },
      proved_days: {
        SELECT: 'all',
        INSERT: ['day', 'proofs', 'proved_at', 'failed_at'],
        UPDATE: ['proofs', 'proved_at', 'items_proved_at', 'failed_at'],
      },
    },
    functions: INDEXED, // of an order's new row version
    timeouts: {
      statement_timeout: '44s', // a day of everybody's orders; just before the Data API gives up
      idle_in_transaction_session_timeout: '15s',
      lock_timeout: '10s', // it waits for the uploads of the day that it repairs
    },
  },
  admin: {
    tables: {
      users: { SELECT: 'all' },
      orders: { SELECT: 'all' },
      order_items: { SELECT: 'all' },
      daily_order_stats: { SELECT: 'all' },
      nightly_runs: { SELECT: 'all' },
      proved_days: { SELECT: 'all' },
      order_versions: {
        SELECT: [
          'order_id',
          'version',
          'user_id',
          'created_at',
          'total_amount',
          'status',
          'updated_at',
          'items_digest',
          'items',
          'last_changed_at',
          'changed_xid',
          'order_number',
          'replaced_xid',
          'replaced_at',
          'is_deletion',
        ],
      },
      uploads: {
        SELECT: [
          'id',
          'user_id',
          'xid',
          'kind',
          'created_at',
          'key_id',
          'orders_created',
          'orders_updated',
          'orders_stale',
          'orders_deleted',
          'request_id',
          'orders_count',
          'items_count',
          'stale_order_numbers',
          'undoes',
        ], // not what was sent
      },
      seller_keys: {
        SELECT: [
          'id',
          'user_id',
          'label',
          'scopes',
          'created_at',
          'last_used_at',
          'expires_at',
          'revoked_at',
          'replaced_by',
        ], // not the hash
      },
      audit_log: { SELECT: 'all' },
      seller_settings: { SELECT: 'all' },
      upload_refusals: { SELECT: 'all' },
    },
    functions: [
      ...INDEXED,
      'search_line(text)',
      'search_phrases(text)',
      'search_query(text[])',
      'has_phrases(text, text[])',
      'begins_or_has(text, text, text[])',
      'orders_with_items(text[], integer)',
      'orders_with_number(text, integer)',
      'has_beginnings(text, text[])',
      'orders_with_beginnings(text[], text[], integer)',
    ],
    timeouts: {
      statement_timeout: '10s', // a person waits; a page's query that takes longer lacks an index
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '2s',
    },
    planner: FEW_ROWS,
  },
  authorize: {
    tables: {
      users: { SELECT: 'all' },
      seller_keys: { SELECT: 'all', UPDATE: ['last_used_at'] },
    },
    timeouts: {
      statement_timeout: '5s', // one row by its key, while a request waits
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '1s', // another look at the same key, once an hour, holds it for a moment
    },
  },
  keys: {
    tables: {
      users: { SELECT: 'all', INSERT: ['username'] },
      seller_keys: {
        SELECT: 'all',
        INSERT: ['id', 'user_id', 'label', 'scopes', 'secret_sha256', 'expires_at'],
        UPDATE: ['expires_at', 'revoked_at', 'replaced_by'],
      },
      // Whose erasing has begun: neither who did it nor what lines say.
      audit_log: { ...ADDED_LINES, SELECT: ['action', 'seller_id'] },
    },
    functions: ['write_before(bigint)', ...INDEXED],
    timeouts: {
      statement_timeout: '10s',
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '2s',
    },
  },
  sellers: {
    tables: {
      // PostgreSQL locks a row for nobody who may not update something of it. Both ids are always
      // generated: they can be given no value but the next one, and none while rows refer to them.
      users: { SELECT: 'all', UPDATE: ['id'], DELETE: 'all' },
      orders: {
        SELECT: [
          'id',
          'user_id',
          'order_number',
          'created_at',
          'total_amount',
          'status',
          'changed_xid',
        ],
        UPDATE: ['id'],
        DELETE: 'all',
      },
      order_items: { SELECT: ['order_id'], DELETE: 'all' }, // nothing of what is in them
      order_versions: {
        SELECT: ['order_id', 'version', 'user_id', 'replaced_xid'],
        DELETE: 'all',
      },
      uploads: { SELECT: ['id', 'user_id'], DELETE: 'all' },
      daily_order_stats: {
        SELECT: 'all',
        INSERT: ['user_id', 'day', 'status', 'orders_count', 'total_revenue'],
        UPDATE: ['orders_count', 'total_revenue'],
        DELETE: 'all',
      },
      seller_keys: {
        SELECT: ['id', 'user_id', 'expires_at', 'revoked_at'],
        UPDATE: ['revoked_at'],
        DELETE: 'all',
      },
      audit_log: ADDED_LINES,
    },
    functions: [
      'raise_serialization_failure(text)',
      'raise_rows_lost(text)',
      'write_before(bigint)',
    ],
    timeouts: {
      statement_timeout: '29s', // as its function; a step takes some tenths of a second
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '10s', // it waits for the seller's uploads that are under way
    },
    planner: FEW_ROWS,
  },
  actions: {
    tables: {
      ...AMENDED,
      seller_settings: { SELECT: 'all', INSERT: ['user_id', 'note'], UPDATE: ['note'] },
      audit_log: ADDED_LINES,
    },
    functions: AMENDING,
    timeouts: {
      statement_timeout: '29s', // as its function; undoing 40,000 orders takes most of it
      idle_in_transaction_session_timeout: '5s', // it opens no transaction
      lock_timeout: '10s', // as uploads of the same orders
    },
    planner: { enable_seqscan: 'off', jit: 'off' }, // as `amend`
  },
};
