/** Metrics by name, for the function that emits them and for the alarms that watch them. */
export const METRICS = {
  /** 1 for every night that succeeded; a backfill is no night. */
  successfulNights: 'SuccessfulNights',
  /** Rows of the roll-up that differed from the orders. */
  driftFound: 'DriftFound',
  driftRepaired: 'DriftRepaired',
  /** Orders of which other items are stored than were uploaded. */
  ordersDamaged: 'OrdersDamaged',
  /** The day that a nightly run computed. */
  orders: 'Orders',
  revenue: 'Revenue',
  sellers: 'Sellers',
} as const;
