/** Why a failed unit of work may be tried again. */
export type TransientReason =
  | 'conflict'
  | 'resuming'
  | 'statement_timeout'
  | 'throttled'
  | 'unavailable'
  | 'connection'
  | 'transaction_lost'
  | 'too_late';

/**
 * Why the same work may succeed when it is done again, or `undefined` when it may not.
 *
 * @param error what a call through the Data API threw
 */
export function transientReason(error: unknown): TransientReason | undefined {
  if (!(error instanceof Error)) return undefined;
  const byName = REASON_BY_NAME[error.name];
  if (byName) return byName;
  if (error.name === 'DatabaseErrorException') return reasonOfSqlState(sqlStateOf(error));
  // Or the secret is not there, or cannot be decrypted: AWS tells them apart by the text alone.
  if (error.name === 'SecretsErrorException' && /timed? ?out/i.test(error.message))
    return 'unavailable';
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  if (typeof code === 'string' && CONNECTION_CODES.has(code)) return 'connection';
  const status = $metadata?.httpStatusCode ?? 0;
  if (status === 429) return 'throttled';
  if (status >= 500) return 'unavailable';
  return undefined;
}

/** The SQLSTATE that a `DatabaseErrorException` names at the end of its message. */
export function sqlStateOf(error: Error): string | undefined {
  return /SQLState: ([0-9A-Z]{5})\s*$/.exec(error.message)?.[1];
}

/** Whether PostgreSQL did not let a login in: its password is another by now (invalid_password). */
export function isLoginRefused(error: unknown): boolean {
  return error instanceof Error && sqlStateOf(error) === '28P01';
}

/** Whether PostgreSQL ended a statement at its role's limit of time, or since somebody asked. */
export function isCanceled(error: unknown): boolean {
  return error instanceof Error && sqlStateOf(error) === '57014';
}

/**
 * Of `write_before`: the time in which something could be written is over by the database's clock.
 */
export const TOO_LATE = 'OA001';

const REASON_BY_NAME: Record<string, TransientReason> = {
  DatabaseNotFoundException: 'unavailable', // the cluster has no instance, as while one is made
  DatabaseResumingException: 'resuming', // HTTP 400: the SDK does not retry it
  DatabaseUnavailableException: 'unavailable',
  InternalFailure: 'unavailable',
  InternalServerErrorException: 'unavailable',
  InvalidResourceStateException: 'unavailable',
  ServiceUnavailableError: 'unavailable',
  // Every role has a shorter limit of its own: after 45 s it was the database that was not there.
  StatementTimeoutException: 'statement_timeout',
  ThrottlingException: 'throttled',
  TimeoutError: 'connection',
  TransactionNotFoundException: 'transaction_lost',
};

const CONNECTION_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
function reasonOfSqlState(state: string | undefined): TransientReason | undefined {
  switch (state) {
    case '40001': // serialization_failure
    case '40P01': // deadlock_detected
    case '55P03': // lock_not_available
    case '23503': // foreign_key_violation: the seller was deleted between two looks
      return 'conflict';
    case '25006': // read_only_sql_transaction: a failover has made a reader of the writer
    case '53000': // insufficient_resources
    case '53100': // disk_full
    case '53200': // out_of_memory: also where everybody's locks are kept
    case '53300': // too_many_connections
    case '57P01': // admin_shutdown
    case '57P02': // crash_shutdown
    case '57P03': // cannot_connect_now
    case '57P05': // idle_session_timeout
      return 'unavailable';
    case '25P03': // idle_in_transaction_session_timeout
    case '25P04': // transaction_timeout
      return 'transaction_lost';
    case TOO_LATE: // when it is not too late by our clock, too, the clocks have come apart
      return 'too_late';
    default:
      return state?.startsWith('08') ? 'connection' : undefined;
  }
}
