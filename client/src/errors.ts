import type { ProblemCode } from './codes.ts';

/** One thing that is wrong with a request. */
export interface ProblemEntry {
  /** JSON pointer (RFC 6901) into the body, or `?name` for a parameter. */
  readonly pointer?: string;
  readonly code: ProblemCode | (string & {});
  readonly detail: string;
  readonly order_number?: string;
  /** The first 100 characters of what was refused. */
  readonly value?: string;
}

/** What an answer that is no success says. */
export interface ProblemFacts {
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly entries: readonly ProblemEntry[];
  readonly entriesCount: number;
  readonly retryAfterMs: number | undefined;
}

/** Which of the orders given to `uploadAll` a refused request held. */
export interface PartPlace {
  /** How many orders came before it. */
  readonly first: number;
  readonly count: number;
}

/** The service's answer is no success. Each status has a class of its own. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly status: number;
  /** Whoever runs the service finds the request by it. */
  readonly requestId: string | undefined;
  /** What is wrong, up to 100 of them; some statuses have none. */
  readonly entries: readonly ProblemEntry[];
  /** How many there are, listed or not. */
  readonly entriesCount: number;
  /** How long the service asks to be left alone. */
  readonly retryAfterMs: number | undefined;
  /** Of `uploadAll`: what was not stored. All before it is. */
  part?: PartPlace;

  constructor({ status, detail, requestId, entries, entriesCount, retryAfterMs }: ProblemFacts) {
    super(`${status}: ${detail}`);
    this.status = status;
    this.requestId = requestId;
    this.entries = entries;
    this.entriesCount = entriesCount;
    this.retryAfterMs = retryAfterMs;
  }

  /** The first entry's. */
  get code(): ProblemEntry['code'] | undefined {
    return this.entries[0]?.code;
  }
}

/** 400: `entries` say what is wrong with what was sent. */
export class InvalidRequestError extends ProblemError {
  override readonly name = 'InvalidRequestError';
}

/** 401: the key is none of this service's, or is no longer good. */
export class UnauthorizedError extends ProblemError {
  override readonly name = 'UnauthorizedError';
}

/** 403: the key is another seller's, or is not for this. */
export class ForbiddenError extends ProblemError {
  override readonly name = 'ForbiddenError';
}

/** 404: there is no such seller, or no such upload. */
export class NotFoundError extends ProblemError {
  override readonly name = 'NotFoundError';
}

/**
 * 409: an order number is another seller's (`taken`), a cursor cannot be gone on from
 * (`cursor_…`), or an upload cannot be undone (`changed_since`, `too_old`).
 */
export class ConflictError extends ProblemError {
  override readonly name = 'ConflictError';
}

/** 413: one request has more bytes than the service takes. */
export class TooLargeError extends ProblemError {
  override readonly name = 'TooLargeError';
}

/** 422: an idempotency key came with something else before. */
export class IdempotencyKeyReusedError extends ProblemError {
  override readonly name = 'IdempotencyKeyReusedError';
}

/** 429: too many requests at once, for longer than there was time to wait. */
export class TooManyRequestsError extends ProblemError {
  override readonly name = 'TooManyRequestsError';
}

/** 503: the database is busy or wakes up, for longer than there was time to wait. */
export class UnavailableError extends ProblemError {
  override readonly name = 'UnavailableError';
}

/** Any other status from 500 on. */
export class ServerError extends ProblemError {
  override readonly name = 'ServerError';
}

/**
 * There is no answer: no connection, one that broke, nothing in time, or something else's answer.
 * What was asked for may have been done; asking again is safe.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  part?: PartPlace;
}

const CLASS_OF_STATUS: Readonly<Record<number, typeof ProblemError>> = {
  400: InvalidRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  413: TooLargeError,
  422: IdempotencyKeyReusedError,
  429: TooManyRequestsError,
  503: UnavailableError,
};

/** The error of its status. */
export function problemError(facts: ProblemFacts): ProblemError {
  const { status } = facts;
  const ErrorClass = CLASS_OF_STATUS[status] ?? (status >= 500 ? ServerError : ProblemError);
  return new ErrorClass(facts);
}
