/** When the nightly statistics are computed: a time of day in UTC such as `00:15`. */
export const NIGHTLY_AT = 'NIGHTLY_AT';
