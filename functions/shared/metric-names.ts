/**
 * Metrics by name, for the functions that emit them and for the alarms and graphs that show them.
 * Each has the function as its dimension `service`.
 */
export const METRICS = {
  /** 1 for every upload that was stored; one that was answered again, or only tried, is none. */
  uploads: 'Uploads',
  ordersCreated: 'OrdersCreated',
  ordersUpdated: 'OrdersUpdated',
  ordersUnchanged: 'OrdersUnchanged',
  /** Left alone, since a newer state of them is stored. */
  ordersStale: 'OrdersStale',
  /** Requests that were not answered as asked, by `reason`. */
  refusals: 'Refusals',
  /** Answers of 500, by the `version` of the function. */
  bugs: 'Bugs',
  /** What failed at the database for a passing `reason` and was done again. */
  dataApiRetries: 'DataApiRetries',
  /** What failed at the database for good, by `reason`. */
  dataApiErrors: 'DataApiErrors',
  /** Keys that API Gateway asked about, by `outcome`. */
  keyChecks: 'KeyChecks',
  /** 1 for every secret with a new password, and for every step on the way that failed. */
  rotations: 'Rotations',
  rotationFailures: 'RotationFailures',
  migrationFailures: 'MigrationFailures',
  /** 1 for every scheduled run that succeeded; a backfill is none. */
  successfulNights: 'SuccessfulNights',
  /** 1 for every run that failed, backfills included. */
  failedRuns: 'FailedRuns',
  /** Parts of scheduled runs that failed and were left to another night. */
  partsLeft: 'PartsLeft',
  /** Rows of the roll-up that differed from the orders. */
  driftFound: 'DriftFound',
  driftRepaired: 'DriftRepaired',
  /** Orders of which other items are stored than were uploaded. */
  ordersDamaged: 'OrdersDamaged',
  /** The day that a scheduled run computed. */
  orders: 'Orders',
  revenue: 'Revenue',
  sellers: 'Sellers',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/**
 * What a metric may be told apart by. Each combination of values is a metric that costs money: a
 * value is one of a few that the code has, or a version, of which one runs at a time; never a
 * seller, a key or an order.
 */
export type MetricDimension = 'reason' | 'outcome' | 'version';

/** The `outcome` of a key's check that could not be made. */
export const CHECK_FAILED = 'failed';
