/** Metrics by name, for the function that emits them and for the alarms that watch them. */
export const METRICS = {
  /** 1 for every scheduled run that succeeded; a backfill is none. */
  successfulNights: 'SuccessfulNights',
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
