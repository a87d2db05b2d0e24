/** When the nightly statistics are computed: a time of day in UTC such as `00:15`. */
export const NIGHTLY_AT = 'NIGHTLY_AT';

/** A JSON list of the statuses, in small letters, whose orders are no revenue. */
export const CANCELLED_STATUSES = 'CANCELLED_STATUSES';
