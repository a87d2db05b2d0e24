import type { DatabaseRoutine } from '../routine.ts';
import type { Database } from '../schema.ts';

/** What a role may do with a table: write only the columns that its function writes. */
interface TableRights<Table> {
  readonly SELECT?: 'all' | readonly Column<Table>[];
  readonly INSERT?: readonly Column<Table>[];
  readonly UPDATE?: readonly Column<Table>[];
  readonly DELETE?: 'all';
}

type Column<Table> = keyof Table & string;

export interface Rights {
  readonly tables: { readonly [Name in keyof Database]?: TableRights<Database[Name]> };
  /** Functions that it may call, each with the types of its arguments. */
  readonly functions?: readonly string[];
}

/** What one function's database role may do, and for how long. */
export interface Role extends Rights {
  /** Statements of its function that the database knows by name. */
  readonly routines?: readonly DatabaseRoutine[];
  readonly timeouts: Timeouts;
  /** What PostgreSQL is to know of how its statements are best planned. */
  readonly planner?: Planner;
}

/** Settings of PostgreSQL's planner. */
export interface Planner {
  /**
   * What a page costs that does not follow the one before. The default, 4, is that of a turning
   * disk.
   */
  readonly random_page_cost?: string;
  readonly enable_seqscan?: 'off';
  readonly jit?: 'off';
  readonly max_parallel_workers_per_gather?: string;
}

/**
 * PostgreSQL's own limits, which hold also when the function that asked is gone. They are for
 * mistakes, not against thieves: every role may lift its own.
 */
interface Timeouts {
  /** Of one statement. The Data API itself gives up after 45 s. */
  readonly statement_timeout: string;
  /**
   * How long a transaction may hold its locks while nobody uses it; the Data API waits 3 minutes.
   */
  readonly idle_in_transaction_session_timeout: string;
  /** Of waiting for one lock: 55P03 then, which `retrying` tries again while there is time. */
  readonly lock_timeout: string;
}
