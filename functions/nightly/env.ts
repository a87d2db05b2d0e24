/** Names of the environment variables that the nightly construct sets for this function. */
export const EVENT_BUS_NAME = 'EVENT_BUS_NAME';
/** Read by Powertools itself. */
export const METRICS_NAMESPACE = 'POWERTOOLS_METRICS_NAMESPACE';
