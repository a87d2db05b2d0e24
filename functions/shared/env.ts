/** For how many days what an order was before a change can be read and restored. */
export const KEEP_VERSIONS_DAYS = 'KEEP_VERSIONS_DAYS';

/** Under which name a function emits its metrics; read by Powertools itself. */
export const METRICS_NAMESPACE = 'POWERTOOLS_METRICS_NAMESPACE';

/** Name of the environment variable that says whose keys this stage's are. */
export const KEY_ENVIRONMENT = 'KEY_ENVIRONMENT';

/** Production's keys are `live`, so that scanners and people can tell which key is dangerous. */
export type KeyEnvironment = 'live' | 'test';
