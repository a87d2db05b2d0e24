import pg from 'pg';
import { SIGNATURE_EXCEPTIONS, SignatureError } from '../aws/sigv4.ts';

const STATUS = {
  AccessDeniedException: 403,
  DatabaseErrorException: 400,
  DatabaseResumingException: 400,
  DatabaseUnavailableException: 504,
  HttpEndpointNotEnabledException: 400,
  IncompleteSignatureException: 403,
  InternalFailure: 500,
  InternalServerErrorException: 500,
  InvalidSecretException: 400,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  NotFoundException: 404,
  RequestEntityTooLargeException: 413,
  SecretsErrorException: 400,
  SerializationException: 400,
  ServiceUnavailableError: 503,
  StatementTimeoutException: 400,
  ThrottlingException: 400,
  TransactionNotFoundException: 404,
  UnknownOperationException: 404,
  UnrecognizedClientException: 403,
  UnsupportedResultException: 400,
  ValidationException: 400,
} as const;

export type ExceptionName = keyof typeof STATUS;

/** An error as a client of the Data API gets it. */
export class DataApiError extends Error {
  override readonly name: ExceptionName;
  readonly status: number;
  /** What the answer's body says beside the message. */
  readonly fields: Readonly<Record<string, unknown>>;

  /** @param message left out of the answer when empty, as AWS does with its own failures */
  constructor(name: ExceptionName, message = '', fields = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.status = STATUS[name];
    this.fields = fields;
  }
}

/** The session ended before PostgreSQL had begun with the statement: it certainly did not run. */
export class SessionEndedEarlyError extends Error {
  override readonly name = 'SessionEndedEarlyError';
}

/** Nobody waits for the answer any more. */
export class CallerGoneError extends Error {
  override readonly name = 'CallerGoneError';
}

/**
 * What PostgreSQL, the way to it or a signature says, as the Data API says it:
 * `DatabaseErrorException` with severity, text, and the parts that exist of Hint, Position and
 * SQLState; there is no Detail.
 */
export function asDataApiError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) return databaseError(error);
  if (error instanceof SessionEndedEarlyError) return asDataApiError(error.cause);
  if (error instanceof SignatureError)
    return new DataApiError(SIGNATURE_EXCEPTIONS[error.fault], error.message);
  if (isConnectionLoss(error))
    return new DataApiError('DatabaseUnavailableException', '', {}, { cause: error });
  return error;
}

/** A `DatabaseErrorException` in PostgreSQL's words. */
export function postgresError(message: string, sqlState: string): DataApiError {
  return new DataApiError('DatabaseErrorException', `ERROR: ${message}; SQLState: ${sqlState}`);
}

/** The session is over, or never began. A statement cannot raise it: `RAISE` knows errors only. */
export function isFatal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.severity === 'FATAL';
}

const CANNOT_CONNECT_NOW = '57P03'; // the server is starting up or shutting down
const NO_SUCH_DATABASE = '3D000';

function databaseError(error: pg.DatabaseError): DataApiError {
  const { message, hint, position, code } = error;
  if (isFatal(error) && code === CANNOT_CONNECT_NOW)
    return new DataApiError('DatabaseUnavailableException', '', {}, { cause: error });
  if (isSeveralStatements(error))
    return new DataApiError('ValidationException', "Multistatements aren't supported.");
  // As it was reported from AWS, where other refusals of a session say FATAL as PostgreSQL does.
  const severity = code === NO_SUCH_DATABASE ? 'ERROR' : error.severity;
  const parts = [
    `${severity}: ${message}`,
    hint && `Hint: ${hint}`,
    position && `Position: ${position}`,
    `SQLState: ${code}`,
  ];
  const text = parts.filter(Boolean).join('; ');
  return new DataApiError('DatabaseErrorException', text, {}, { cause: error });
}

/**
 * PostgreSQL's own parser tells several statements from one, better than a search for semicolons.
 * The routine is its own too: a statement may raise the same text, not from there.
 */
function isSeveralStatements({ code, routine }: pg.DatabaseError): boolean {
  return code === '42601' && routine === 'exec_parse_message';
}

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    error.message.startsWith('Connection terminated') ||
    (code !== undefined && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code))
  );
}
