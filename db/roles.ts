import type { RoleName } from './role-names.ts';
import type { Database } from './schema.ts';

/** A right on a table, as GRANT spells it: `SELECT`, or `UPDATE (last_used_at)` for single columns. */
type Right = `${'SELECT' | 'INSERT' | 'UPDATE'}${'' | ` (${string})`}` | 'DELETE';

/** What one function's database role may do, and for how long. */
export interface Role {
  readonly tables: { readonly [Table in keyof Database]?: readonly Right[] };
  /** Functions that it may call, each with the types of its arguments. */
  readonly functions?: readonly string[];
  readonly timeouts: Timeouts;
  /** What PostgreSQL is to know of how its statements are best planned. */
  readonly planner?: Planner;
}

/** Settings of PostgreSQL's planner. */
interface Planner {
  /** What a page costs that does not follow the one before. The default, 4, is that of a turning disk. */
  readonly random_page_cost?: string;
  readonly enable_seqscan?: 'off';
  readonly jit?: 'off';
  readonly max_parallel_workers_per_gather?: string;
}

/** PostgreSQL's own limits, which hold also when the function that asked is gone. */
interface Timeouts {
  /** Of one statement. The Data API itself gives up after 45 s. */
  readonly statement_timeout: string;
  /** How long a transaction may hold its locks while nobody uses it; the Data API waits 3 minutes. */
  readonly idle_in_transaction_session_timeout: string;
  /** Of waiting for one lock: 55P03 then, which `retrying` tries again while there is time. */
  readonly lock_timeout: string;
}

/**
 * Every role with exactly the rights that its function needs. The migrate function makes the database
 * so: what is not here is revoked. A new table is nobody's until it has lines here.
 */
export const ROLES: Readonly<Record<RoleName, Role>> = {
  upload: {
    tables: {
      users: ['SELECT', 'INSERT'],
      orders: ['SELECT', 'INSERT', 'UPDATE'],
      order_items: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
      daily_order_stats: ['SELECT', 'INSERT', 'UPDATE'],
    },
    functions: [
      'raise_serialization_failure(text)',
      'raise_rows_lost(text)',
      'write_before(bigint)',
    ],
    timeouts: {
      statement_timeout: '29s', // as its function: nobody hears a later answer
      idle_in_transaction_session_timeout: '15s', // between calls it only writes the next batch's JSON
      lock_timeout: '10s', // longer than any upload of the same orders takes, shorter than the request
    },
  },
  stats: {
    tables: { users: ['SELECT'], daily_order_stats: ['SELECT'] },
    timeouts: {
      statement_timeout: '10s', // some hundred rows take milliseconds
      idle_in_transaction_session_timeout: '5s', // it opens no transaction
      lock_timeout: '2s', // only a migration can lock out a reader
    },
  },
  daily_stats: {
    tables: {
      users: ['SELECT'],
      orders: ['SELECT', 'UPDATE (items_digest)'],
      order_items: ['SELECT'],
      daily_order_stats: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
      nightly_runs: ['SELECT', 'INSERT', 'UPDATE'],
      proved_days: ['SELECT', 'INSERT', 'UPDATE'],
    },
    timeouts: {
      statement_timeout: '44s', // a day of everybody's orders; just before the Data API gives up
      idle_in_transaction_session_timeout: '15s',
      lock_timeout: '10s', // it waits for the uploads of the day that it repairs
    },
  },
  admin: {
    tables: {
      users: ['SELECT'],
      orders: ['SELECT'],
      order_items: ['SELECT'],
      daily_order_stats: ['SELECT'],
      nightly_runs: ['SELECT'],
      proved_days: ['SELECT'],
      seller_keys: [
        'SELECT (id, user_id, label, scopes, created_at, last_used_at, expires_at, revoked_at, replaced_by)',
      ], // not the hash
    },
    functions: ['orders_with_words(jsonb, integer)'],
    timeouts: {
      statement_timeout: '10s', // a person waits; a page's query that takes longer lacks an index
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '2s',
    },
    // A page reads some thousand rows at most: reading a table from end to end is never right, and
    // neither compiling nor helpers are ever worth their start.
    planner: {
      random_page_cost: '1.1',
      enable_seqscan: 'off',
      jit: 'off',
      max_parallel_workers_per_gather: '0',
    },
  },
  authorize: {
    tables: { users: ['SELECT'], seller_keys: ['SELECT', 'UPDATE (last_used_at)'] },
    timeouts: {
      statement_timeout: '5s', // one row by its key, while a request waits
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '1s', // another look at the same key, once an hour, holds it for a moment
    },
  },
  keys: {
    tables: { users: ['SELECT', 'INSERT'], seller_keys: ['SELECT', 'INSERT', 'UPDATE'] },
    functions: ['write_before(bigint)'],
    timeouts: {
      statement_timeout: '10s',
      idle_in_transaction_session_timeout: '5s',
      lock_timeout: '2s',
    },
  },
};
