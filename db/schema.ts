import type { Generated } from 'kysely';

/**
 * The tables as Kysely sees them. Money is decimal text (`'2500.00'`), because a `numeric` that
 * becomes a JavaScript number is no longer exact; `bigint` ids stay below 2^53.
 */
export interface Database {
  users: UserTable;
  orders: OrderTable;
  order_items: OrderItemTable;
  daily_order_stats: DailyOrderStatsTable;
  seller_keys: SellerKeyTable;
  nightly_runs: NightlyRunTable;
  proved_days: ProvedDayTable;
  uploads: UploadTable;
  order_versions: OrderVersionTable;
  audit_log: AuditLogTable;
  seller_settings: SellerSettingsTable;
  upload_refusals: UploadRefusalTable;
}

/** A seller. */
export interface UserTable {
  id: Generated<number>;
  username: string;
}

export interface OrderTable {
  id: Generated<number>;
  user_id: number;
  order_number: string;
  created_at: Date;
  /** `numeric(12,2)` */
  total_amount: string;
  status: string;
  /**
   * SHA-256 of the order's items as uploaded: tells whether they changed without reading them.
   * Empty when other items are stored than were uploaded: the next upload of the order writes them
   * all.
   */
  items_digest: Uint8Array;
  first_uploaded_at: Generated<Date>;
  last_changed_at: Generated<Date>;
  /** When the seller's system says that it last changed the order; the latest that it has sent. */
  updated_at: Date | null;
  /** From 1, one more with each change. */
  version: Generated<number>;
  /** The transaction that created it, as decimal text; `2` of what is older than these ids. */
  created_xid: Generated<string>;
  /** The transaction that wrote it last, as decimal text: its upload has the same `xid`. */
  changed_xid: Generated<string>;
}

export interface OrderItemTable {
  order_id: number;
  /** The item's place in its order, from 1. */
  line_no: number;
  sku: string;
  name: string;
  quantity: number;
  /** `numeric(10,2)` */
  price: string;
}

/** The roll-up: what one seller's orders of one UTC day and one status come to. */
export interface DailyOrderStatsTable {
  user_id: number;
  /** `date`, as `YYYY-MM-DD` */
  day: string;
  status: string;
  orders_count: number;
  /** `numeric(24,2)` */
  total_revenue: string;
}

/** A key with which a seller's system calls the API. */
export interface SellerKeyTable {
  /** The part of the key that is no secret. */
  id: string;
  user_id: number;
  label: string;
  /** What it may do, divided by spaces: `orders:write stats:read`. */
  scopes: string;
  /**
   * SHA-256 of the secret part. Nobody guesses 256 random bits, so a slow hash would add nothing.
   */
  secret_sha256: Uint8Array;
  created_at: Generated<Date>;
  /** To the hour, so that most requests write nothing. */
  last_used_at: Date | null;
  expires_at: Date | null;
  revoked_at: Date | null;
  /** The key that came in its place when it was rotated. */
  replaced_by: string | null;
}

/** What each run of the nightly function set out to do and found. */
export interface NightlyRunTable {
  id: string;
  kind: 'night' | 'backfill';
  /** `date`, as `YYYY-MM-DD` */
  period_from: string;
  /** The first day that no longer belongs to the period. */
  period_to: string;
  /** A run that is killed stays `running` until the next one notices it as `abandoned`. */
  status: 'running' | 'succeeded' | 'unfinished' | 'failed' | 'abandoned';
  started_at: Generated<Date>;
  finished_at: Date | null;
  duration_ms: number | null;
  /** Of the period and of the sample of older days. */
  days_checked: number | null;
  rows_checked: number | null;
  /** Rows of the roll-up that were wrong; counted in the statement that repairs them. */
  drift_found: Generated<number>;
  drift_repaired: Generated<number>;
  /** Whose items were compared with what was uploaded. */
  orders_checked: number | null;
  /**
   * Whose items were found to be others than were uploaded; counted in the statement that marks
   * them.
   */
  orders_damaged: Generated<number>;
  /** The run that noticed this one as abandoned. */
  noticed_by: string | null;
  error: string | null;
}

/** When each day of the roll-up was last computed from its orders. */
export interface ProvedDayTable {
  /** `date`, as `YYYY-MM-DD` */
  day: string;
  /** How often so far: runs of the same moment notice each other by it. */
  proofs: number;
  /** `null` when its first proof has failed. */
  proved_at: Date | null;
  /** When the items of the day's orders were last compared with what was uploaded. */
  items_proved_at: Date | null;
  /** When either has failed last. */
  failed_at: Date | null;
}

/** The receipt of a request that changed orders, or that has an `Idempotency-Key`. */
export interface UploadTable {
  /** UUIDv7: later ones come later. */
  id: Generated<string>;
  user_id: number;
  /** The transaction that wrote it and all that it changed, as decimal text. */
  xid: Generated<string>;
  kind: Generated<'upload' | 'delete' | 'undo'>;
  created_at: Generated<Date>;
  key_id: string;
  request_id: string;
  /** Of the request: those that it found unchanged are the rest. */
  orders_count: number;
  items_count: number;
  orders_created: Generated<number>;
  orders_updated: Generated<number>;
  /** Left alone: newer than sent; of a deletion not found, of an undo changed since. */
  orders_stale: Generated<number>;
  orders_deleted: Generated<number>;
  /** The first 100 of them. */
  stale_order_numbers: Generated<string[]>;
  /**
   * SHA-256 of the request's body. Of one without a body it is of what it asks for, and only where
   * it has an `Idempotency-Key`; else `null`.
   */
  body_sha256: Uint8Array | null;
  idempotency_key: string | null;
  /** The upload that this one has taken back. */
  undoes: string | null;
}

/** What an order was before it was changed or deleted. */
export interface OrderVersionTable {
  /** There may be no such order any more. */
  order_id: number;
  version: number;
  user_id: number;
  order_number: string;
  created_at: Date;
  /** `numeric(12,2)` */
  total_amount: string;
  status: string;
  updated_at: Date | null;
  items_digest: Uint8Array;
  /** Rows of `order_items` as a JSON array of objects, by `line_no`. */
  items: string;
  first_uploaded_at: Date;
  last_changed_at: Date;
  created_xid: string;
  changed_xid: string;
  replaced_at: Generated<Date>;
  /** The transaction that replaced or deleted it. */
  replaced_xid: Generated<string>;
  is_deletion: boolean;
}

/** What people did through the admin; lines are only added. */
export interface AuditLogTable {
  /** UUIDv7: later ones come later. */
  id: Generated<string>;
  at: Generated<Date>;
  /** The ARN of the person, as IAM knows it. */
  actor: string;
  /** One of `AuditAction`. */
  action: string;
  /** Of a seller who may be erased since: the three that follow are empty then. */
  seller_id: number;
  /** What it was done to: a key's id, an order's number, or an upload's id. */
  target: string | null;
  /** JSON objects, as text. */
  before: string | null;
  after: string | null;
  request_id: string;
}

/** What people have set of a seller; none while nothing is set. */
export interface SellerSettingsTable {
  user_id: number;
  /** For the people who look after the seller. */
  note: string;
}

/** Refused uploads of a seller's, of one UTC day and one reason. */
export interface UploadRefusalTable {
  user_id: number;
  /** `date`, as `YYYY-MM-DD` */
  day: Generated<string>;
  /** Of the first error that was answered, or `status-413` where a problem has none. */
  code: string;
  refusals_count: Generated<number>;
  first_at: Generated<Date>;
  last_at: Generated<Date>;
  /** This, and what follows, is of the last one. */
  status: number;
  key_id: string;
  request_id: string;
  /** Where the first error is, in names and places alone; or empty. */
  pointer: string;
  errors_count: number;
}
