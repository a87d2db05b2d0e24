// Limits of the Data API. Names end in their unit.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html

const MINUTE_MS = 60_000;

/** A whole request, its headers included. */
export const REQUEST_BYTES = 4 * 1024 * 1024;
/** A whole result, counted as `results/size.ts` counts. */
export const RESULT_BYTES = 1024 * 1024;
/** The string that `formatRecordsAs: JSON` answers. */
export const FORMATTED_RESULT_BYTES = 10 * 1000 * 1000;

export const SQL_CHARACTERS = 65_536;
export const ARN_CHARACTERS = { min: 11, max: 100 };
export const DATABASE_CHARACTERS = 64;
export const TRANSACTION_ID_CHARACTERS = 192;

export const STATEMENT_MS = 45_000;
/**
 * How long a statement may take to notice that it is cancelled, before it loses its session. Ours.
 */
export const CANCEL_MS = 1_000;
/** How long a session may take to be made as new, before another takes its place. Ours. */
export const RESET_MS = 5_000;
export const TRANSACTION_IDLE_MS = 3 * MINUTE_MS;
export const TRANSACTION_AGE_MS = 24 * 60 * MINUTE_MS;
